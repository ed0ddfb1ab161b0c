using System.Collections.Concurrent;
using Amazon;
using Amazon.EC2;
using Amazon.EKS;
using Amazon.IdentityManagement;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Threeport.Modules.Aws.AwsAccounts;

namespace Threeport.Modules.Aws.Calls;

/// <summary>
/// The SDK's clients, one set for an account in a region, kept so that credentials and connections are. All of one account in one region
/// share a budget, also when the account's credentials are changed.
/// </summary>
internal sealed class AwsClients(AwsOptions options) : IDisposable
{
    /// <summary>For one attempt at a call.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    private const int Retries = 3;

    private readonly ConcurrentDictionary<(Guid Account, string Region), RegionClients> _clients = new();
    private readonly ConcurrentDictionary<(string AccountId, string Region), CallBudget> _budgets = new();

    /// <exception cref="AwsSettingException">The account names a profile that is not there, or there are no credentials at all.</exception>
    public RegionClients For(AwsAccount account, string region)
    {
        var key = (account.Id, region);
        return _clients.TryGetValue(key, out var known) && known.Generation == account.Generation
            ? known
            : _clients.AddOrUpdate(
                key,
                _ => Make(account, region),
                (_, other) => other.Generation == account.Generation ? other : Make(account, region)
            );
    }

    /// <summary>Who the control plane is in an account.</summary>
    public async Task<GetCallerIdentityResponse> WhoAsync(AwsAccount account, CancellationToken cancellationToken)
    {
        var clients = For(account, account.Spec.DefaultRegion);
        return await clients.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellationToken);
    }

    /// <summary>Lets go of an account that is no more; what is still in use is left to the garbage collector.</summary>
    public void Forget(Guid account)
    {
        foreach (var key in _clients.Keys.Where(k => k.Account == account))
        {
            _clients.TryRemove(key, out _);
        }
    }

    public void Dispose()
    {
        foreach (var budget in _budgets.Values)
        {
            budget.Dispose();
        }
    }

    private RegionClients Make(AwsAccount account, string region)
    {
        var budget = _budgets.GetOrAdd(
            (account.Spec.AccountId, region),
            static (_, calls) => new(calls),
            options.CallsPerSecond
        );
        var endpoint = RegionEndpoint.GetBySystemName(region);
        var credentials = CredentialsOf(account.Spec);
        if (account.Spec.RoleArn is { } role)
        {
            var sts = new AmazonSecurityTokenServiceClient(
                credentials,
                Configured(new AmazonSecurityTokenServiceConfig())
            );
            credentials = new AssumedRole(sts, role, account.Spec.ExternalId);
        }

        return new()
        {
            Generation = account.Generation,
            Region = region,
            Partition = endpoint.PartitionName,
            AccountId = account.Spec.AccountId,
            Credentials = credentials,
            Ec2 = new AmazonEC2Client(credentials, Configured(new AmazonEC2Config())),
            Ec2Once = new AmazonEC2Client(credentials, Configured(new AmazonEC2Config(), retries: 0)),
            Eks = new AmazonEKSClient(credentials, Configured(new AmazonEKSConfig())),
            Iam = new AmazonIdentityManagementServiceClient(
                credentials,
                Configured(new AmazonIdentityManagementServiceConfig())
            ),
            Sts = new AmazonSecurityTokenServiceClient(credentials, Configured(new AmazonSecurityTokenServiceConfig())),
        };

        T Configured<T>(T config, int retries = Retries)
            where T : ClientConfig
        {
            if (options.Endpoint is { } address)
            {
                config.ServiceURL = address.ToString();
                config.AuthenticationRegion = region;
            }
            else
            {
                config.RegionEndpoint = endpoint;
                if (config.ServiceURL is not null)
                {
                    // The environment has an address: without this, calls to it are signed for us-east-1 whatever region is meant.
                    config.AuthenticationRegion = region;
                }
            }

            // Not the adaptive one: what it thinks too much it refuses by itself, and goes on for minutes after AWS has stopped.
            config.RetryMode = RequestRetryMode.Standard;
            config.MaxErrorRetry = retries;
            // Those of a connection that was closed would be made in any case, ten of them, also of a call that must not be repeated.
            config.MaxStaleConnectionRetries = 0;
            config.HttpClientFactory = budget;
            return config;
        }
    }

    private static AWSCredentials CredentialsOf(AwsAccountSpec spec)
    {
        if (spec is { AccessKeyId: { } id, SecretAccessKey: { } secret })
        {
            return new BasicAWSCredentials(id, secret);
        }

        if (spec.Profile is { } profile)
        {
            return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials)
                ? credentials
                : throw new AwsSettingException($"The user that the controllers run as has no AWS profile {profile}.");
        }

        try
        {
            return DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }
        catch (AmazonClientException)
        {
            throw new AwsSettingException(
                "Where the controllers run there are no AWS credentials. Give the account access keys or a profile, or the controllers a role."
            );
        }
    }
}

/// <summary>What AWS is asked through, in one account and region.</summary>
internal sealed record RegionClients
{
    /// <summary>Of the account that they were made from.</summary>
    public required long Generation { get; init; }

    public required string Region { get; init; }

    /// <summary><c>aws</c>, <c>aws-cn</c>, …</summary>
    public required string Partition { get; init; }

    public required string AccountId { get; init; }

    public required AWSCredentials Credentials { get; init; }

    public required IAmazonEC2 Ec2 { get; init; }

    /// <summary>For calls that make something each time they arrive: repeated by nobody who does not know what became of the first.</summary>
    public required IAmazonEC2 Ec2Once { get; init; }

    public required IAmazonEKS Eks { get; init; }

    public required IAmazonIdentityManagementService Iam { get; init; }

    public required IAmazonSecurityTokenService Sts { get; init; }

    /// <summary>A record would print what it holds.</summary>
    public override string ToString() => $"{AccountId} {Region}";
}

/// <summary>Something here is not set up, which nobody at AWS can be asked about.</summary>
internal sealed class AwsSettingException(string message) : Exception(message);
