using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Iam;

/// <summary>The policies of a role, attached and inline.</summary>
internal static class RolePolicies
{
    public static void AddTo(QueryOperations operations)
    {
        operations["AttachRolePolicy"] = Attach;
        operations["DetachRolePolicy"] = Detach;
        operations["ListAttachedRolePolicies"] = static call =>
            call.IamPage(
                Roles.Known(call).Attached,
                "AttachedPolicies",
                static arn => new[] { new XElement("PolicyName", arn.Split('/')[^1]), new XElement("PolicyArn", arn) }
            );
        operations["PutRolePolicy"] = Put;
        operations["GetRolePolicy"] = Get;
        operations["DeleteRolePolicy"] = Delete;
        operations["ListRolePolicies"] = static call =>
            call.IamPage(Roles.Known(call).Inline.Keys, "PolicyNames", static name => name);
    }

    private static XElement?[] Attach(QueryCall call)
    {
        var role = Roles.Named(call);
        var arn = call.Parameters.Required("PolicyArn");
        if (!ManagedPolicies.All.Contains(arn) && !call.Account.Iam.Policies.ContainsKey(arn))
        {
            throw IamAnswers.Missing($"Policy {arn} does not exist or is not attachable.");
        }

        if (!role.Attached.Contains(arn))
        {
            role.Attached.Add(arn);
        }

        return [];
    }

    private static XElement?[] Detach(QueryCall call)
    {
        var arn = call.Parameters.Required("PolicyArn");
        return Roles.Named(call).Attached.Remove(arn) ? [] : throw IamAnswers.Missing($"Policy {arn} was not found.");
    }

    private static XElement?[] Put(QueryCall call)
    {
        var role = Roles.Named(call);
        role.Inline[call.Parameters.Required("PolicyName")] = Policies.Document(call);
        return [];
    }

    private static XElement?[] Get(QueryCall call)
    {
        var role = Roles.Known(call);
        var name = call.Parameters.Required("PolicyName");
        return role.Inline.GetValueOrDefault(name) is { } document
            ?
            [
                Xml.Text("RoleName", role.Name),
                Xml.Text("PolicyName", name),
                Xml.Text("PolicyDocument", UriText.Encode(document)),
            ]
            : throw Missing(name);
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var name = call.Parameters.Required("PolicyName");
        return Roles.Named(call).Inline.Remove(name) ? [] : throw Missing(name);
    }

    private static AwsException Missing(string name) =>
        IamAnswers.Missing($"The role policy with name {name} cannot be found.");
}
