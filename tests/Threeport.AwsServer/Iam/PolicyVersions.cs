using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Iam;

internal static class PolicyVersions
{
    private const int Most = 5;

    public static void AddTo(QueryOperations operations)
    {
        operations["CreatePolicyVersion"] = Create;
        operations["GetPolicyVersion"] = Get;
        operations["ListPolicyVersions"] = List;
        operations["DeletePolicyVersion"] = Delete;
        operations["SetDefaultPolicyVersion"] = SetDefault;
    }

    private static XElement?[] Create(QueryCall call)
    {
        var policy = Policies.Named(call);
        var document = Policies.Document(call);
        if (policy.Versions.Count >= Most)
        {
            throw IamAnswers.TooMany(
                $"A managed policy can have up to {Most} versions. Before you create a new version, you must delete an existing version."
            );
        }

        var id = $"v{++policy.LastVersion}";
        policy.Versions.Add(id, new(document, call.Now));
        policy.DefaultVersion = call.Parameters.Flag("SetAsDefault") is true ? id : policy.DefaultVersion;
        return [new XElement("PolicyVersion", Content(policy, id, withDocument: false))];
    }

    private static XElement?[] Get(QueryCall call) =>
        [new XElement("PolicyVersion", Content(Policies.Known(call), Named(call), withDocument: true))];

    private static XElement?[] List(QueryCall call)
    {
        var policy = Policies.Known(call);
        return call.IamPage(policy.Versions.Keys.Reverse(), "Versions", id => Content(policy, id, withDocument: false));
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var policy = Policies.Named(call);
        var id = Named(call);
        if (id == policy.DefaultVersion)
        {
            throw IamAnswers.Conflict("Cannot delete the default version of a policy.");
        }

        policy.Versions.Remove(id);
        return [];
    }

    private static XElement?[] SetDefault(QueryCall call)
    {
        Policies.Named(call).DefaultVersion = Named(call);
        return [];
    }

    private static string Named(QueryCall call)
    {
        var policy = Policies.Named(call);
        var id = call.Parameters.Required("VersionId");
        return policy.Versions.ContainsKey(id)
            ? id
            : throw IamAnswers.Missing($"Policy {policy.Arn} version {id} does not exist or is not attachable.");
    }

    private static XElement?[] Content(Policy policy, string id, bool withDocument) =>
        [
            Xml.Text("Document", withDocument ? UriText.Encode(policy.Versions[id].Document) : null),
            Xml.Text("VersionId", id),
            Xml.Flag("IsDefaultVersion", id == policy.DefaultVersion),
            Xml.Time("CreateDate", policy.Versions[id].Created),
        ];
}
