using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Iam;

internal static class Roles
{
    public static void AddTo(QueryOperations operations)
    {
        operations["CreateRole"] = Create;
        operations["GetRole"] = static call => [new XElement("Role", Content(Known(call)))];
        operations["ListRoles"] = List;
        operations["DeleteRole"] = Delete;
        operations["UpdateAssumeRolePolicy"] = UpdateTrust;
        operations["UpdateRole"] = Update;
        operations["TagRole"] = Tag;
        operations["UntagRole"] = Untag;
        operations["ListRoleTags"] = static call => call.IamPage(Known(call).Tags, "Tags", IamAnswers.TagContent);
    }

    /// <returns>The role that is named; writes find it at once.</returns>
    public static Role Named(QueryCall call)
    {
        var name = call.Parameters.Required("RoleName");
        return call.Account.Iam.Roles.GetValueOrDefault(name)
            ?? throw IamAnswers.Missing($"The role with name {name} cannot be found.");
    }

    /// <returns>The role that is named, as reads find it: once it is known everywhere.</returns>
    public static Role Known(QueryCall call)
    {
        var role = Named(call);
        return role.Visible <= call.Now
            ? role
            : throw IamAnswers.Missing($"The role with name {role.Name} cannot be found.");
    }

    public static XElement?[] Content(Role role) =>
        [
            Xml.Text("Path", role.Path),
            Xml.Text("RoleName", role.Name),
            Xml.Text("RoleId", role.Id),
            Xml.Text("Arn", role.Arn),
            Xml.Time("CreateDate", role.Created),
            Xml.Text("AssumeRolePolicyDocument", UriText.Encode(role.Trust.Document)),
            Xml.Text("Description", role.Description),
            Xml.Number("MaxSessionDuration", role.MaxSessionSeconds),
            role.PermissionsBoundary is { } boundary
                ? new XElement(
                    "PermissionsBoundary",
                    new XElement("PermissionsBoundaryType", "Policy"),
                    new XElement("PermissionsBoundaryArn", boundary)
                )
                : null,
            role.Tags.Count > 0 ? Xml.Members("Tags", role.Tags, IamAnswers.TagContent) : null,
        ];

    private static XElement?[] Create(QueryCall call)
    {
        var iam = call.Account.Iam;
        var name = call.Parameters.Required("RoleName");
        if (iam.Roles.Keys.Any(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw IamAnswers.Exists($"Role with name {name} already exists.");
        }

        if (iam.Roles.Count >= call.Cloud.Settings.Quotas.Roles)
        {
            throw IamAnswers.TooMany($"Cannot exceed quota for RolesPerAccount: {iam.Roles.Count}.");
        }

        if (name.Length > 64)
        {
            throw new AwsException(
                "ValidationError",
                "1 validation error detected: roleName must have length at most 64"
            );
        }

        var role = new Role(call.Account.Id, call.PathOrRoot(), name, call.Now, call.IamVisible())
        {
            Trust = TrustPolicy.Parse(call.Parameters.Required("AssumeRolePolicyDocument")),
            Description = call.Parameters["Description"],
            PermissionsBoundary = call.Parameters["PermissionsBoundary"],
            MaxSessionSeconds = call.Parameters.Number("MaxSessionDuration") ?? 3600,
        }.With(call.IamTags());
        iam.Roles.Add(name, role);
        return [new XElement("Role", Content(role))];
    }

    private static XElement?[] List(QueryCall call)
    {
        var prefix = call.Parameters["PathPrefix"] ?? "/";
        return call.IamPage(
            call.Account.Iam.Roles.Values.Where(role =>
                role.Visible <= call.Now && role.Path.StartsWith(prefix, StringComparison.Ordinal)
            ),
            "Roles",
            // ListRoles leaves tags out, as IAM does.
            static role =>
                Content(role).Where(static element => element?.Name.LocalName != "Tags")
        );
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var role = Named(call);
        if (role.Attached.Count > 0)
        {
            throw IamAnswers.Conflict("Cannot delete entity, must detach all policies first.");
        }

        if (role.Inline.Count > 0)
        {
            throw IamAnswers.Conflict("Cannot delete entity, must delete policies first.");
        }

        if (call.Account.Iam.InstanceProfiles.Values.Any(profile => profile.Role == role))
        {
            throw IamAnswers.Conflict("Cannot delete entity, must remove roles from instance profile first.");
        }

        call.Account.Iam.Roles.Remove(role.Name);
        return [];
    }

    private static XElement?[] UpdateTrust(QueryCall call)
    {
        Named(call).Trust = TrustPolicy.Parse(call.Parameters.Required("PolicyDocument"));
        return [];
    }

    private static XElement?[] Update(QueryCall call)
    {
        var role = Named(call);
        role.Description = call.Parameters["Description"] ?? role.Description;
        role.MaxSessionSeconds = call.Parameters.Number("MaxSessionDuration") ?? role.MaxSessionSeconds;
        return [];
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
}
