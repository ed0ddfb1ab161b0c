using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Iam;

/// <summary>Instance profiles: EKS makes one for each node group, and a role in one cannot be deleted.</summary>
internal static class InstanceProfiles
{
    public static void AddTo(QueryOperations operations)
    {
        operations["ListInstanceProfilesForRole"] = static call =>
        {
            var role = Roles.Known(call);
            return call.IamPage(
                call.Account.Iam.InstanceProfiles.Values.Where(profile => profile.Role == role),
                "InstanceProfiles",
                Content
            );
        };
        operations["ListInstanceProfiles"] = static call =>
            call.IamPage(call.Account.Iam.InstanceProfiles.Values, "InstanceProfiles", Content);
        operations["GetInstanceProfile"] = static call => [new XElement("InstanceProfile", Content(Named(call)))];
        operations["RemoveRoleFromInstanceProfile"] = RemoveRole;
        operations["DeleteInstanceProfile"] = Delete;
    }

    private static XElement?[] RemoveRole(QueryCall call)
    {
        var profile = Named(call);
        if (profile.Role is null || profile.Role != Roles.Named(call))
        {
            throw IamAnswers.Missing($"The role is not in the instance profile {profile.Name}.");
        }

        profile.Role = null;
        return [];
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var profile = Named(call);
        if (profile.Role is not null)
        {
            throw IamAnswers.Conflict("Cannot delete entity, must remove roles from instance profile first.");
        }

        call.Account.Iam.InstanceProfiles.Remove(profile.Name);
        return [];
    }

    private static InstanceProfile Named(QueryCall call)
    {
        var name = call.Parameters.Required("InstanceProfileName");
        return call.Account.Iam.InstanceProfiles.GetValueOrDefault(name)
            ?? throw IamAnswers.Missing($"Instance Profile {name} cannot be found.");
    }

    private static XElement?[] Content(InstanceProfile profile) =>
        [
            Xml.Text("Path", profile.Path),
            Xml.Text("InstanceProfileName", profile.Name),
            Xml.Text("InstanceProfileId", profile.Id),
            Xml.Text("Arn", profile.Arn),
            Xml.Time("CreateDate", profile.Created),
            Xml.Members<Role>("Roles", profile.Role is { } role ? [role] : [], Roles.Content),
        ];
}
