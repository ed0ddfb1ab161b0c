using System.Net;
using System.Threading.RateLimiting;
using Amazon.Runtime;

namespace Threeport.Modules.Aws.Calls;

/// <summary>
/// What may be asked of an account in a region, whoever asks and however often it is repeated: each attempt at a call takes its turn, so
/// that a hundred clusters that are made at once do not have each other, and the account's other users, throttled. When AWS throttles all the
/// same, others use up what the account has, and turns become rarer until it does no more.
/// </summary>
internal sealed class CallBudget(int callsPerSecond) : HttpClientFactory, IDisposable
{
    private const int Waiting = 1000;
    private const int Burst = 4;
    private const int SlowestPace = 8;

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
            TokenLimit = callsPerSecond * Burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1) / callsPerSecond,
            QueueLimit = Waiting * SlowestPace,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    private readonly Pace _pace = new(Math.Min(SlowestPace, callsPerSecond * Burst));

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
        new(new Turns(_turns, _pace) { InnerHandler = Connections }, disposeHandler: false)
        {
            Timeout = AwsClients.CallLimit,
        };

    /// <summary>One budget, one set of clients.</summary>
    public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _turns.Dispose();

    private sealed class Turns(RateLimiter turns, Pace pace) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            using var turn = await turns.AcquireAsync(pace.Turns, cancellationToken);
            if (!turn.IsAcquired)
            {
                throw new HttpRequestException("Too many calls wait for this account and region.");
            }

            var response = await base.SendAsync(request, cancellationToken);
            pace.Answered(await IsThrottledAsync(response, cancellationToken));
            return response;
        }

        /// <summary>IAM and STS say it in the body of what else would be the caller's mistake.</summary>
        private static async Task<bool> IsThrottledAsync(
            HttpResponseMessage response,
            CancellationToken cancellationToken
        )
        {
            if (response.StatusCode is not HttpStatusCode.BadRequest)
            {
                return response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
            }

            await response.Content.LoadIntoBufferAsync(cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return body.Contains("Throttl", StringComparison.Ordinal);
        }
    }
}
