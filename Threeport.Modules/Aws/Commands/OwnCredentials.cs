using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using Threeport.Modules.Aws.AwsAccounts;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Commands;

/// <summary>AWS with the credentials of who runs this, as AWS's own tools would find them.</summary>
internal sealed class OwnCredentials(AwsClients clients, CommandArguments command)
{
    private const string None =
        "There are no AWS credentials here. Log in with `aws configure` or `aws sso login`, choose a profile with --aws-profile or AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";

    private readonly AwsAccount _account = new()
    {
        Name = "own",
        Spec = new() { DefaultRegion = command.Region, Profile = command.Profile },
    };

    /// <exception cref="AwsSettingException">There are none.</exception>
    public RegionClients Clients
    {
        get
        {
            try
            {
                return clients.For(_account, command.Region);
            }
            catch (AwsSettingException)
            {
                throw Missing();
            }
        }
    }

    /// <exception cref="AwsSettingException">There are none, or they cannot be read.</exception>
    public async Task<ImmutableCredentials> CredentialsAsync(CancellationToken cancellationToken)
    {
        var found = Clients.Credentials;
        try
        {
            return await found.GetCredentialsAsync().WaitAsync(AwsClients.CallLimit, cancellationToken);
        }
        catch (Exception e)
            when (!cancellationToken.IsCancellationRequested
                && e is AmazonClientException or AmazonServiceException or HttpRequestException or TimeoutException
            )
        {
            // Which of the many places has none is the SDK's secret; of a profile it says what is wrong with it.
            throw command.Profile is null && Environment.GetEnvironmentVariable("AWS_PROFILE") is not { Length: > 0 }
                ? Missing()
                : new AwsSettingException($"The AWS profile {Named} gives no credentials: {First(e.Message)}");
        }
    }

    public async Task<GetCallerIdentityResponse> WhoAsync(CancellationToken cancellationToken)
    {
        await CredentialsAsync(cancellationToken);
        return await Clients.Sts.GetCallerIdentityAsync(new(), cancellationToken);
    }

    private string Named => command.Profile ?? Environment.GetEnvironmentVariable("AWS_PROFILE") ?? "default";

    private AwsSettingException Missing() =>
        new(
            command.Profile is null
                ? None
                : $"There is no AWS profile {command.Profile}. `aws configure list-profiles` lists those that there are."
        );

    private static string First(string message) => message.Split('\n')[0].Trim();
}
