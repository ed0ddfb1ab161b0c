using Amazon.IdentityManagement;

namespace Threeport.Modules.Aws.Calls;

/// <summary>Whose credentials they are to IAM and EKS: those know users and roles, and a session is of a role.</summary>
internal static class AwsIdentity
{
    /// <returns>The user, or the role without its path, which the name of a session does not tell.</returns>
    public static string Of(string principal) => RoleOf(principal)?.Arn ?? principal;

    /// <summary>Asks IAM for the role's path; single sign-on gives its roles one.</summary>
    /// <returns>The whole name of the user or role; without a path where IAM may not be asked.</returns>
    public static async Task<string> WholeAsync(
        IAmazonIdentityManagementService iam,
        string principal,
        CancellationToken cancellationToken
    )
    {
        if (RoleOf(principal) is not { } role)
        {
            return principal;
        }

        try
        {
            var answer = await iam.GetRoleAsync(new() { RoleName = role.Name }, cancellationToken);
            return answer.Role?.Arn ?? role.Arn;
        }
        catch (Exception e) when (AwsFailure.Of(e, cancellationToken) is { IsDenied: true })
        {
            return role.Arn;
        }
    }

    private static (string Name, string Arn)? RoleOf(string principal) =>
        principal.Split(':') is ["arn", var partition, "sts", _, var account, var what]
        && what.Split('/') is ["assumed-role", var name, ..]
            ? (name, $"arn:{partition}:iam::{account}:role/{name}")
            : null;
}
