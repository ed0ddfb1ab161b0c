using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;

namespace Threeport.AwsServer.Eks;

/// <summary>The access policies that AWS has, and which of them an entry has.</summary>
internal static class AccessPolicies
{
    private static readonly string[] Names =
    [
        "AmazonEKSClusterAdminPolicy",
        "AmazonEKSAdminPolicy",
        "AmazonEKSAdminViewPolicy",
        "AmazonEKSEditPolicy",
        "AmazonEKSViewPolicy",
    ];

    public static void AddTo(RestRoutes routes)
    {
        const string Of = "/clusters/{name}/access-entries/{principalArn}/access-policies";
        routes.Add("ListAccessPolicies", "GET", "/access-policies", ListAll);
        routes.Add("AssociateAccessPolicy", "POST", Of, Associate);
        routes.Add("ListAssociatedAccessPolicies", "GET", Of, List);
        routes.Add("DisassociateAccessPolicy", "DELETE", Of + "/{policyArn}", Disassociate);
    }

    private static string Arn(string name) => $"arn:aws:eks::aws:cluster-access-policy/{name}";

    private static JsonObject ListAll(RestCall call) =>
        call.Page("accessPolicies", Names, static name => new JsonObject { ["name"] = name, ["arn"] = Arn(name) });

    private static JsonObject Associate(RestCall call)
    {
        var entry = AccessEntries.Find(call);
        var arn = call.Required("policyArn");
        if (!Names.Select(Arn).Contains(arn))
        {
            throw EksAnswers.Invalid("The specified policyArn does not exist.");
        }

        var scope = call.Body.Structure("accessScope") ?? throw EksAnswers.Invalid("accessScope is required.");
        if (scope.Text("type") is not ("cluster" or "namespace"))
        {
            throw EksAnswers.Invalid("The type of the accessScope must be cluster or namespace.");
        }

        var associated = entry.Policies.GetValueOrDefault(arn)?.Associated ?? call.Now;
        entry.Policies[arn] = new(arn, scope.DeepClone().AsObject(), associated, call.Now);
        return Answer(call, new() { ["associatedAccessPolicy"] = Write(entry.Policies[arn]) });
    }

    private static JsonObject List(RestCall call) =>
        Answer(call, call.Page("associatedAccessPolicies", AccessEntries.Find(call).Policies.Values, Write));

    private static JsonObject Disassociate(RestCall call) =>
        AccessEntries.Find(call).Policies.Remove(call.Route["policyArn"])
            ? []
            : throw EksAnswers.NotFound("The specified policyArn is not associated with the principal.");

    private static JsonObject Answer(RestCall call, JsonObject content)
    {
        content["clusterName"] = call.Route["name"];
        content["principalArn"] = call.Route["principalArn"];
        return content;
    }

    private static JsonObject Write(AssociatedPolicy policy) =>
        new()
        {
            ["policyArn"] = policy.Arn,
            ["accessScope"] = policy.Scope.DeepClone(),
            ["associatedAt"] = EksAnswers.Json(policy.Associated),
            ["modifiedAt"] = EksAnswers.Json(policy.Modified),
        };
}
