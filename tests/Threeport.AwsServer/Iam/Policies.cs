using System.Text.Json;
using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Iam;

internal static class Policies
{
    public static void AddTo(QueryOperations operations)
    {
        operations["CreatePolicy"] = Create;
        operations["GetPolicy"] = static call => [new XElement("Policy", Content(call, Known(call)))];
        operations["ListPolicies"] = List;
        operations["DeletePolicy"] = Delete;
        operations["ListEntitiesForPolicy"] = ListEntities;
        operations["TagPolicy"] = Tag;
        operations["UntagPolicy"] = Untag;
        operations["ListPolicyTags"] = static call => call.IamPage(Known(call).Tags, "Tags", IamAnswers.TagContent);
    }

    /// <returns>The document that is given, which must be JSON.</returns>
    public static string Document(QueryCall call)
    {
        var document = call.Parameters.Required("PolicyDocument");
        try
        {
            using var parsed = JsonDocument.Parse(document);
            return parsed.RootElement.TryGetProperty("Statement", out _)
                ? document
                : throw new AwsException("MalformedPolicyDocument", "Syntax errors in policy.");
        }
        catch (JsonException)
        {
            throw new AwsException("MalformedPolicyDocument", "Syntax errors in policy.");
        }
    }

    public static Policy Named(QueryCall call)
    {
        var arn = call.Parameters.Required("PolicyArn");
        return call.Account.Iam.Policies.GetValueOrDefault(arn) ?? throw Missing(arn);
    }

    public static Policy Known(QueryCall call)
    {
        var policy = Named(call);
        return policy.Visible <= call.Now ? policy : throw Missing(policy.Arn);
    }

    private static AwsException Missing(string arn) => IamAnswers.Missing($"Policy {arn} was not found.");

    private static XElement?[] Create(QueryCall call)
    {
        var policies = call.Account.Iam.Policies;
        var name = call.Parameters.Required("PolicyName");
        if (policies.Values.Any(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw IamAnswers.Exists($"A policy called {name} already exists. Duplicate names are not allowed.");
        }

        if (policies.Count >= call.Cloud.Settings.Quotas.Policies)
        {
            throw IamAnswers.TooMany($"Cannot exceed quota for PoliciesPerAccount: {policies.Count}.");
        }

        var policy = new Policy(call.Account.Id, call.PathOrRoot(), name, call.Now, call.IamVisible())
        {
            Description = call.Parameters["Description"],
        }.With(call.IamTags());
        policy.Versions.Add("v1", new(Document(call), call.Now));
        policies.Add(policy.Arn, policy);
        return [new XElement("Policy", Content(call, policy))];
    }

    private static XElement?[] List(QueryCall call)
    {
        var prefix = call.Parameters["PathPrefix"] ?? "/";
        var onlyAttached = call.Parameters.Flag("OnlyAttached") is true;
        var policies = call.Account.Iam.Policies.Values.Where(policy =>
            policy.Visible <= call.Now
            && policy.Path.StartsWith(prefix, StringComparison.Ordinal)
            && (!onlyAttached || Holders(call, policy).Any())
        );
        // The policies of AWS itself are not the account's, and nobody here lists them.
        return call.IamPage(
            call.Parameters["Scope"] == "AWS" ? [] : policies,
            "Policies",
            policy => Content(call, policy).Where(static element => element?.Name.LocalName != "Tags")
        );
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var policy = Named(call);
        if (Holders(call, policy).Any())
        {
            throw IamAnswers.Conflict("Cannot delete a policy attached to entities.");
        }

        if (policy.Versions.Count > 1)
        {
            throw IamAnswers.Conflict(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy."
            );
        }

        call.Account.Iam.Policies.Remove(policy.Arn);
        return [];
    }

    private static XElement?[] ListEntities(QueryCall call)
    {
        var arn = call.Parameters.Required("PolicyArn");
        var roles = call.Account.Iam.Roles.Values.Where(role => role.Attached.Contains(arn));
        return
        [
            new XElement("PolicyGroups"),
            new XElement("PolicyUsers"),
            .. call.IamPage(
                roles,
                "PolicyRoles",
                static role => new[] { new XElement("RoleName", role.Name), new XElement("RoleId", role.Id) }
            ),
        ];
    }

    private static XElement?[] Tag(QueryCall call)
    {
        Named(call).With(call.IamTags());
        return [];
    }

    private static XElement?[] Untag(QueryCall call)
    {
        call.Untag(Named(call));
        return [];
    }

    private static IEnumerable<Role> Holders(QueryCall call, Policy policy) =>
        call.Account.Iam.Roles.Values.Where(role => role.Attached.Contains(policy.Arn));

    private static XElement?[] Content(QueryCall call, Policy policy) =>
        [
            Xml.Text("PolicyName", policy.Name),
            Xml.Text("PolicyId", policy.Id),
            Xml.Text("Arn", policy.Arn),
            Xml.Text("Path", policy.Path),
            Xml.Text("DefaultVersionId", policy.DefaultVersion),
            Xml.Number("AttachmentCount", Holders(call, policy).Count()),
            Xml.Number("PermissionsBoundaryUsageCount", 0),
            Xml.Flag("IsAttachable", true),
            Xml.Text("Description", policy.Description),
            Xml.Time("CreateDate", policy.Created),
            Xml.Time("UpdateDate", policy.Versions[policy.DefaultVersion].Created),
            policy.Tags.Count > 0 ? Xml.Members("Tags", policy.Tags, IamAnswers.TagContent) : null,
        ];
}
