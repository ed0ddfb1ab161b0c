using System.Threading.RateLimiting;
using Amazon.Runtime;

namespace Threeport.Modules.Aws.Calls;

/// <summary>
/// What may be asked of an account in a region, whoever asks and however often it is repeated: each attempt at a call takes its turn, so
/// that a hundred clusters that are made at once do not have each other, and the account's other users, throttled.
/// </summary>
internal sealed class CallBudget(int callsPerSecond) : HttpClientFactory, IDisposable
{
    private const int Waiting = 1000;

    private static readonly SocketsHttpHandler Connections = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        AllowAutoRedirect = false,
        UseCookies = false,
    };

    private readonly TokenBucketRateLimiter _turns = new(
        new()
        {
            TokenLimit = callsPerSecond * 4,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1) / callsPerSecond,
            QueueLimit = Waiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
        new(new Turns(_turns) { InnerHandler = Connections }, disposeHandler: false) { Timeout = AwsClients.CallLimit };

    /// <summary>One budget, one set of clients.</summary>
    public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _turns.Dispose();

    private sealed class Turns(RateLimiter turns) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            using var turn = await turns.AcquireAsync(1, cancellationToken);
            return turn.IsAcquired
                ? await base.SendAsync(request, cancellationToken)
                : throw new HttpRequestException("Too many calls wait for this account and region.");
        }
    }
}
