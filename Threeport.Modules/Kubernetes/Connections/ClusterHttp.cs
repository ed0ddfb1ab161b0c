using System.Net;
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
        if (await TokenAsync(cancellationToken) is { } token)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        return await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private async ValueTask<string?> TokenAsync(CancellationToken cancellationToken)
    {
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
        var configuration = new KubernetesClientConfiguration
        {
            Host = connection.Server.AbsoluteUri,
            TlsServerName = connection.TlsServerName,
            ClientCertificateData = Encoded(connection.Certificate),
            ClientCertificateKeyData = Encoded(connection.CertificateKey),
            // Each call has a timeout of its own; a watch lasts.
            HttpClientTimeout = Timeout.InfiniteTimeSpan,
            FirstMessageHandlerSetup = SetUp,
        };
        if (connection.CaCertificate is { } ca)
        {
            configuration.SslCaCerts = [];
            configuration.SslCaCerts.ImportFromPem(ca);
        }

        return configuration;
    }

    private static void SetUp(SocketsHttpHandler handler)
    {
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
        handler.ConnectCallback = static (context, cancellationToken) =>
            Endpoints.ConnectAsync(context.DnsEndPoint, cancellationToken);
    }

    private static string? Encoded(string? pem) =>
        pem is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));
}
