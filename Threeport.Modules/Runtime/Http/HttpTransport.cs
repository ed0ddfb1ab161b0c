using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Threeport.Runtime;

/// <summary>
/// The API layer over HTTPS: <c>Threeport:ApiUrl</c>, <c>Threeport:ApiCa</c> (a file; nothing else is trusted) and what
/// <see cref="ApiIdentity"/> shows.
/// </summary>
public static class HttpTransport
{
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>Registers the transports for a process without the role <c>api</c>.</summary>
    public static IServiceCollection AddThreeportHttpTransport(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        var identity = new ApiIdentity(configuration);
        services
            .AddHttpClient<ApiClient>(http =>
            {
                http.BaseAddress = new Uri(configuration["Threeport:ApiUrl"]!);
                http.Timeout = Limit;
                http.DefaultRequestVersion = HttpVersion.Version20;
            })
            .AddHttpMessageHandler(() => new IdentityHandler(identity))
            .ConfigurePrimaryHttpMessageHandler(() => Connections(configuration["Threeport:ApiCa"], identity))
            .AddResilienceHandler("api", Resilience);
        services.AddTransient<Api.IResources, HttpResources>();
        services.AddTransient<IPasses, HttpPasses>();
        services.AddTransient<IAgentCredentials, HttpAgentCredentials>();
        return services;
    }

    /// <summary>Reads are tried again; what writes is not, because an answer that was lost may have been a yes.</summary>
    private static void Resilience(ResiliencePipelineBuilder<HttpResponseMessage> pipeline)
    {
        var retry = new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = 3,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        };
        retry.DisableFor(HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete);
        pipeline.AddRetry(retry).AddTimeout(AttemptLimit);
    }

    private static SocketsHttpHandler Connections(string? caFile, ApiIdentity identity)
    {
        var handler = new SocketsHttpHandler
        {
            // A replica that fell silent is left long before a lease, which it was to renew, is over.
            ConnectTimeout = TimeSpan.FromSeconds(2),
            // All goes over one connection to one replica of the API: now and then to another.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            KeepAlivePingDelay = TimeSpan.FromSeconds(2),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(3),
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
            UseProxy = false,
        };
        identity.ShowOn(handler.SslOptions);
        if (!string.IsNullOrEmpty(caFile))
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(caFile);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }

    private sealed class IdentityHandler(ApiIdentity identity) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            request.Headers.Authorization = identity.Authorization();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
