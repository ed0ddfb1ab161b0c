using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;

namespace Threeport.Kubernetes;

/// <summary>
/// The HTTP client of a cluster: KubernetesClient's, set up by data alone (its loaders of kubeconfigs run commands and read
/// files), through no proxy, following no redirect, noticing a dead connection by pings.
/// </summary>
internal sealed class ClusterHttp : IDisposable
{
    private static readonly TimeSpan TokenAge = TimeSpan.FromSeconds(60);

    private readonly ClusterConnection _connection;
    private readonly TimeProvider _time;
    private readonly k8s.Kubernetes _client;
    private (string Token, long ReadAt)? _token;

    public ClusterHttp(ClusterConnection connection, TimeProvider time)
    {
        _connection = connection;
        _time = time;
        _client = new(Configuration(connection));
    }

    public Uri Server => _connection.Server;

    public void Dispose() => _client.Dispose();

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        // This is where the handler takes the name from that the server's certificate must have.
        request.Headers.Host = _connection.TlsServerName;
        if (await TokenAsync(cancellationToken) is { } token)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        return await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private async ValueTask<string?> TokenAsync(CancellationToken cancellationToken)
    {
        if (_connection.TokenSource is { } source)
        {
            return await source(cancellationToken);
        }

        if (_connection.TokenFile is not { } file)
        {
            return _connection.Token;
        }

        if (_token is not { } known || _time.GetElapsedTime(known.ReadAt) > TokenAge)
        {
            var text = await File.ReadAllTextAsync(file, cancellationToken);
            known = (text.Trim(), _time.GetTimestamp());
            _token = known;
        }

        return known.Token;
    }

    private static KubernetesClientConfiguration Configuration(ClusterConnection connection)
    {
        return new()
        {
            Host = connection.Server.AbsoluteUri,
            TlsServerName = connection.TlsServerName,
            ClientCertificateData = Encoded(connection.Certificate),
            ClientCertificateKeyData = Encoded(connection.CertificateKey),
            // Each call has a timeout of its own; a watch lasts.
            HttpClientTimeout = Timeout.InfiniteTimeSpan,
            FirstMessageHandlerSetup = handler => SetUp(handler, connection),
        };
    }

    private static void SetUp(SocketsHttpHandler handler, ClusterConnection connection)
    {
        // The platform's own check, the server's name included, in place of the one that the library brings.
        handler.SslOptions.RemoteCertificateValidationCallback = null;
        handler.SslOptions.CertificateChainPolicy = Trust(connection.CaCertificate);
        handler.UseProxy = false;
        handler.UseCookies = false;
        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = DecompressionMethods.GZip;
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5);
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.EnableMultipleHttp2Connections = true;
        var allowLoopback = connection.AllowLoopback;
        handler.ConnectCallback = (context, cancellationToken) =>
            Endpoints.ConnectAsync(context.DnsEndPoint, allowLoopback, cancellationToken);
    }

    private static X509ChainPolicy? Trust(string? ca)
    {
        if (ca is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPem(ca);
        return policy;
    }

    private static string? Encoded(string? pem) =>
        pem is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));
}
