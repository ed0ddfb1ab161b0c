using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Threeport.Modules.Aws.Calls;

/// <summary>
/// A role that is assumed, again before it ends. By our own client of STS, in the account's region and within its budget, and early enough
/// that a token for a cluster, which lasts a quarter of an hour, does not outlive what it is signed with.
/// </summary>
internal sealed class AssumedRole : RefreshingAWSCredentials
{
    private const int Seconds = 3600;

    private readonly IAmazonSecurityTokenService _sts;
    private readonly AssumeRoleRequest _request;

    public AssumedRole(IAmazonSecurityTokenService sts, string roleArn, string? externalId)
    {
        PreemptExpiryTime = ClusterToken.Lifetime + TimeSpan.FromMinutes(3);
        _sts = sts;
        _request = new()
        {
            RoleArn = roleArn,
            ExternalId = externalId,
            RoleSessionName = "threeport",
            DurationSeconds = Seconds,
        };
    }

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        using var limit = new CancellationTokenSource(AwsClients.CallLimit);
        var credentials = (await _sts.AssumeRoleAsync(_request, limit.Token)).Credentials;
        return new(
            new(credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken),
            credentials.Expiration!.Value
        );
    }
}
