using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Threeport.Runtime;

/// <summary>
/// The API layer over HTTPS: <c>Threeport:ApiUrl</c>, <c>Threeport:ApiCa</c> (a file; nothing else is trusted) and
/// <c>Threeport:ApiTokenFile</c>, which is read again when it changes.
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
        services
            .AddHttpClient<ApiClient>(http =>
            {
                http.BaseAddress = new Uri(configuration["Threeport:ApiUrl"]!);
                http.Timeout = Limit;
                http.DefaultRequestVersion = HttpVersion.Version20;
            })
            .AddHttpMessageHandler(() => new TokenHandler(configuration["Threeport:ApiTokenFile"]!))
            .ConfigurePrimaryHttpMessageHandler(() => Connections(configuration["Threeport:ApiCa"]))
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

    private static SocketsHttpHandler Connections(string? caFile)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
            UseProxy = false,
        };
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

    private sealed class TokenHandler(string file) : DelegatingHandler
    {
        private (DateTime Written, string Token) _known;

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var written = File.GetLastWriteTimeUtc(file);
            if (_known.Token is null || _known.Written != written)
            {
                _known = (written, File.ReadAllText(file).Trim());
            }

            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _known.Token);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
