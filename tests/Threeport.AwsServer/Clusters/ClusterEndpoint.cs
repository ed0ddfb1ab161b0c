using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Yarp.ReverseProxy.Forwarder;

namespace Threeport.AwsServer.Clusters;

/// <summary>The endpoint of a cluster: admits who EKS would, and passes on to a real API server.</summary>
internal sealed class ClusterEndpoint : IAsyncDisposable
{
    // A watch may be silent for long.
    private static readonly ForwarderRequestConfig Patient = new() { ActivityTimeout = TimeSpan.FromHours(1) };

    private readonly Socket _socket;
    private readonly ClusterCertificate _certificate;
    private readonly ClusterBackend? _backend;
    private readonly Func<string, ClusterIdentity?> _admit;
    private readonly HttpMessageInvoker? _asAdministrator;
    private readonly HttpMessageInvoker? _asOneself;
    private WebApplication? _app;

    public ClusterEndpoint(string host, ClusterBackend? backend, Func<string, ClusterIdentity?> admit)
    {
        _backend = backend;
        _admit = admit;
        _asAdministrator = backend?.Connect(asAdministrator: true);
        _asOneself = backend?.Connect(asAdministrator: false);
        _certificate = ClusterCertificate.Create(host);
        // Bound here and now, so that the address can be told before the server is up; who connects meanwhile waits.
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(new IPEndPoint(IPAddress.TryParse(host, out var ip) ? ip : IPAddress.Any, 0));
        _socket.Listen(512);
        Url = $"https://{host}:{((IPEndPoint)_socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture)}";
    }

    public string Url { get; }

    /// <summary>Who signs the tokens of its service accounts, where an API server stands behind it that says so.</summary>
    public ClusterIssuer? Issuer => _backend?.Issuer;

    /// <summary>PEM.</summary>
    public string CaCertificate => _certificate.Authority;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ListenHandle((ulong)_socket.Handle, listen => listen.UseHttps(_certificate.Server));
        });
        _app = builder.Build();
        var forwarder = _app.Services.GetRequiredService<IHttpForwarder>();
        _app.Run(context => ForwardAsync(context, forwarder));
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
        }

        _socket.Dispose();
        _asAdministrator?.Dispose();
        _asOneself?.Dispose();
        _certificate.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, IHttpForwarder forwarder)
    {
        if (_backend is null)
        {
            await RefuseAsync(context, 503, "ServiceUnavailable", "No API server stands behind this cluster.");
            return;
        }

        var server = _backend.Server.ToString();
        var bearer = Bearer(context.Request);
        if (bearer?.StartsWith(ClusterAccess.Prefix, StringComparison.Ordinal) is not true)
        {
            // The token of a service account, or none at all: the API server itself knows what to make of it.
            await forwarder.SendAsync(context, server, _asOneself!, Patient, AsSent.Instance, context.RequestAborted);
            return;
        }

        if (_admit(bearer) is not { } identity)
        {
            await RefuseAsync(context, 401, "Unauthorized", "Unauthorized");
            return;
        }

        var transformer = new AsKnown(identity, _backend.Token);
        await forwarder.SendAsync(context, server, _asAdministrator!, Patient, transformer, context.RequestAborted);
    }

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header
        && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : null;

    private static async Task RefuseAsync(HttpContext context, int code, string reason, string message)
    {
        context.Response.StatusCode = code;
        await context.Response.WriteAsJsonAsync(
            new
            {
                kind = "Status",
                apiVersion = "v1",
                metadata = new { },
                status = "Failure",
                message,
                reason,
                code,
            },
            context.RequestAborted
        );
    }

    /// <summary>That it is answered is told before there is a body: that of a watch begins with the first change.</summary>
    private abstract class AtOnce : HttpTransformer
    {
        public override async ValueTask<bool> TransformResponseAsync(
            HttpContext context,
            HttpResponseMessage? response,
            CancellationToken cancellationToken
        )
        {
            var hasBody = await base.TransformResponseAsync(context, response, cancellationToken);
            if (response is { StatusCode: not HttpStatusCode.SwitchingProtocols })
            {
                await context.Response.Body.FlushAsync(cancellationToken);
            }

            return hasBody;
        }
    }

    /// <summary>With the credentials that came, to the server that answers for itself.</summary>
    private sealed class AsSent : AtOnce
    {
        public static readonly AsSent Instance = new();

        public override async ValueTask TransformRequestAsync(
            HttpContext context,
            HttpRequestMessage request,
            string destination,
            CancellationToken cancellationToken
        )
        {
            await base.TransformRequestAsync(context, request, destination, cancellationToken);
            request.Headers.Host = null;
        }
    }

    /// <summary>With the cluster's own credentials, as whom EKS knows the caller.</summary>
    private sealed class AsKnown(ClusterIdentity identity, string? token) : AtOnce
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext context,
            HttpRequestMessage request,
            string destination,
            CancellationToken cancellationToken
        )
        {
            await base.TransformRequestAsync(context, request, destination, cancellationToken);
            request.Headers.Host = null;
            request.Headers.Authorization = token is null ? null : new("Bearer", token);
            if (identity.IsAdministrator)
            {
                return;
            }

            foreach (var name in request.Headers.Select(static h => h.Key).Where(IsImpersonation).ToList())
            {
                request.Headers.Remove(name);
            }

            request.Headers.TryAddWithoutValidation("Impersonate-User", identity.UserName);
            request.Headers.TryAddWithoutValidation("Impersonate-Group", identity.Groups);
        }

        private static bool IsImpersonation(string header) =>
            header.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase);
    }
}
