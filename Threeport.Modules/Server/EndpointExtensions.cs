using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FastEndpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Scalar.AspNetCore;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Discovery;
using Threeport.Server.Endpoints;
using Threeport.Server.OpenApi;
using Threeport.Server.Watching;

namespace Threeport.Server;

/// <summary>The HTTP transport of the API layer.</summary>
public static class EndpointExtensions
{
    /// <summary>With whoever is to say something: the handshake, the headers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The endpoints of every kind that is registered, and those of none. Call it after the runtime was added.</summary>
    public static IServiceCollection AddThreeportEndpoints(this IServiceCollection services)
    {
        var kinds = RuntimeExtensions.KindsIn(services);
        services.AddSingleton<KindDescriptions>();
        services.AddSingleton<OpenApiDocument>();
        services.AddSingleton<ResourceRequests>();
        services.AddSingleton<ReconcileWait>();
        services.AddSingleton<ChangeLog>();
        services.AddSingleton<ChangeHub>();
        services.AddSingleton<Health>();
        services.AddHostedService<StopDelay>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<ConnectionLimits>();
        services.AddHostedService(static p => p.GetRequiredService<ChangeHub>());
        services.AddFastEndpoints(
            [
                typeof(ApplyEndpoint),
                typeof(AuditEndpoint),
                typeof(AuthEndpoint),
                typeof(BackupEndpoint),
                typeof(ConfirmRestoreEndpoint),
                typeof(IssueCertificateEndpoint),
                typeof(IssueTokenEndpoint),
                typeof(KindsEndpoint),
                typeof(ListCertificatesEndpoint),
                typeof(ListKeysEndpoint),
                typeof(ListTokensEndpoint),
                typeof(RestoreEndpoint),
                typeof(RevokeCertificateEndpoint),
                typeof(RevokeTokenEndpoint),
                typeof(RotateKeysEndpoint),
                typeof(ShowRestoreEndpoint),
                typeof(VersionEndpoint),
                typeof(WatchEndpoint),
            ],
            [.. kinds.Kinds.SelectMany(static k => (Type[])k.Accept(new EndpointTypes())!)]
        );
        services.Configure<KestrelServerOptions>(static options => Limit(options.Limits));
        return services;
    }

    /// <summary>The pipeline: problems outermost, then who asks, then routes.</summary>
    public static WebApplication MapThreeport(this WebApplication app)
    {
        // What is configured wrongly is said before anything starts.
        app.Services.GetRequiredService<RequestLimits>();
        app.Services.GetRequiredService<ConnectionLimits>();
        app.Services.GetRequiredService<OidcIssuers>();
        app.UseMiddleware<ProblemWriting>();
        app.Use(
            static (context, next) =>
            {
                // The client finds another replica with its next request.
                if (context.RequestServices.GetRequiredService<Health>().IsStopping)
                {
                    context.Response.Headers.Connection = "close";
                }

                return next(context);
            }
        );
        app.UseRouting();
        app.UseMiddleware<CallerAuthentication>();
        app.UseFastEndpoints(static config => config.Errors.UseProblemDetails());
        app.MapGet("/healthz", static () => Results.Text("ok"));
        app.MapGet("/readyz", static (HttpContext context, Health health) => health.WriteAsync(context));
        app.MapGet(
            "/openapi/v0.json",
            static (OpenApiDocument document) => Results.Text(document.Text, "application/json")
        );
        app.MapScalarApiReference(
            "/docs",
            static options => options.WithTitle("Threeport").WithOpenApiRoutePattern("/openapi/v0.json")
        );
        app.Services.GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStopping.Register(() => app.Services.GetRequiredService<Health>().IsStopping = true);
        return app;
    }

    /// <summary>TLS 1.2 or newer, with clients' certificates taken if they show one.</summary>
    /// <param name="listen">The address.</param>
    /// <param name="certificate">The server's, asked for with each connection.</param>
    public static void UseThreeportHttps(this ListenOptions listen, Func<X509Certificate2> certificate) =>
        listen.UseHttps(https =>
        {
            https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            https.ServerCertificateSelector = (_, _) => certificate();
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            // Looked at with the request, where a refusal can say why.
            https.AllowAnyClientCertificate();
            https.HandshakeTimeout = Patience;
        });

    /// <summary>Connections take a place, before anything else is done for them. To be called before <see cref="UseThreeportHttps"/>.</summary>
    public static void UseThreeportLimits(this ListenOptions listen)
    {
        if (listen.ApplicationServices.GetService<ConnectionLimits>() is not { } limits)
        {
            return;
        }

        listen.Use(next =>
            async connection =>
            {
                using var place = limits.Take(connection);
                if (place is null)
                {
                    connection.Abort();
                    return;
                }

                connection.Features.Set(place);
                await next(connection);
            }
        );
    }

    private static void Limit(KestrelServerLimits limits)
    {
        // Beyond what is taken: up to here the rest of a body is read and thrown away, so that whoever sends it can read the refusal.
        limits.MaxRequestBodySize = 4 * RequestBody.MaxApply;
        limits.MaxRequestLineSize = 16 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.RequestHeadersTimeout = Patience;
        // What is being sent is let go of at this pace: at the server's own default a large answer could be held for minutes.
        limits.MinResponseDataRate = new(bytesPerSecond: 8 * 1024, gracePeriod: TimeSpan.FromSeconds(5));
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        // Who goes when there are too many is decided by ConnectionLimits; this would keep out whoever comes last.
        limits.MaxConcurrentConnections = null;
        limits.Http2.MaxStreamsPerConnection = 100;
    }

    private sealed class EndpointTypes : IKindVisitor
    {
        public object Visit<T>()
            where T : Resource, IKind =>
            new[]
            {
                typeof(ListEndpoint<T>),
                typeof(CreateEndpoint<T>),
                typeof(GetEndpoint<T>),
                typeof(PutEndpoint<T>),
                typeof(PatchEndpoint<T>),
                typeof(DeleteEndpoint<T>),
                typeof(HistoryEndpoint<T>),
                typeof(EventsEndpoint<T>),
                typeof(RecordEventsEndpoint<T>),
                typeof(PassEndpoint<T>),
            };
    }
}
