using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Iam;

namespace Threeport.AwsServer.Eks;

/// <summary>Roles as EKS sees them: it knows one only after IAM has told everyone.</summary>
internal static class RoleChecks
{
    public static Role? Find(Call call, string arn)
    {
        var account = call.Cloud.Accounts.GetValueOrDefault(arn.Split(':') is { Length: 6 } parts ? parts[4] : "");
        return account?.Iam.Role(arn, call.Now);
    }

    public static void MustBeAssumedBy(RestCall call, string arn, string service)
    {
        if (Find(call, arn)?.Trust.Allows("sts:AssumeRole", "Service", [service]) is not true)
        {
            throw EksAnswers.Invalid(
                $"Role with arn: {arn}, could not be assumed because it does not exist or the trusted entity is not correct"
            );
        }
    }
}
