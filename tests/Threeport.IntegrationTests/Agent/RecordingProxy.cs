using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Agent;

/// <summary>Stands between the agent and a real Kubernetes API server: keeps what is asked and answered, and can cut or answer by itself.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly ClusterConnection _target;
    private readonly X509Certificate2? _certificate;
    private CancellationTokenSource _cut = new();

    private RecordingProxy(WebApplication app, ClusterConnection target, X509Certificate2? certificate)
    {
        _certificate = certificate;
        _app = app;
        _target = target;
        var handler = new SocketsHttpHandler();
        if (target.CaCertificate is { } ca)
        {
            using var trusted = X509Certificate2.CreateFromPem(ca);
            var thumbprint = trusted.Thumbprint;
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                errors == System.Net.Security.SslPolicyErrors.None
                || (certificate as X509Certificate2)?.Thumbprint == thumbprint;
        }

        _client = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Path and query of each request, those of other tests' objects included.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>All that was answered.</summary>
    public ConcurrentQueue<string> Answers { get; } = new();

    public volatile bool IsAway;

    /// <summary>Asked before and after each write reaches the server: whether the caller dies of it, and is answered nothing.</summary>
    public volatile Func<string, bool> Dies = static _ => false;

    /// <summary>Method and path of all that the server made anew.</summary>
    public ConcurrentQueue<string> Created { get; } = new();

    /// <summary>Answers in place of the server, by path and query; null lets it answer.</summary>
    public volatile Func<string, int?> Instead = static _ => null;

    /// <summary>As the target, but through here.</summary>
    public ClusterConnection Connection =>
        _target with
        {
            Server = new(_app.Urls.First()),
            CaCertificate = _certificate?.ExportCertificatePem(),
        };

    /// <summary>Of the same, for what takes nothing but a file.</summary>
    public string Kubeconfig =>
        $$$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: proxy
              cluster:
                server: "{{{Connection.Server}}}"
                certificate-authority-data: "{{{Convert.ToBase64String(
                Encoding.UTF8.GetBytes(Connection.CaCertificate!)
            )}}}"
            users: [{name: admin, user: {token: "{{{_target.Token}}}"}}]
            contexts: [{name: proxy, context: {cluster: proxy, user: admin}}]
            current-context: proxy
            """;

    public int Watches(string path) =>
        Requests.Count(r =>
            r.StartsWith(path, StringComparison.Ordinal) && r.Contains("watch=true", StringComparison.Ordinal)
        );

    public int Lists(string path) =>
        Requests.Count(r =>
            r.StartsWith(path, StringComparison.Ordinal) && r.Contains("limit=", StringComparison.Ordinal)
        );

    /// <param name="target">The server.</param>
    /// <param name="secure">Whether it speaks TLS, with a certificate of its own.</param>
    public static async Task<RecordingProxy> StartAsync(ClusterConnection target, bool secure = false)
    {
        var certificate = secure ? TestCertificate.Create() : null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                System.Net.IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate);
                    }
                }
            )
        );
        var app = builder.Build();
        var proxy = new RecordingProxy(app, target, certificate);
        app.Run(proxy.ForwardAsync);
        await app.StartAsync();
        return proxy;
    }

    /// <summary>Breaks all that is under way, as a server that dies does.</summary>
    public void Cut()
    {
        using var cut = Interlocked.Exchange(ref _cut, new());
        cut.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _app.DisposeAsync();
        _cut.Dispose();
        _client.Dispose();
        _certificate?.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var write = HttpMethods.IsGet(context.Request.Method)
            ? null
            : $"{context.Request.Method} {context.Request.Path}";
        if (IsAway || (write is not null && Dies($"before {write}")))
        {
            context.Abort();
            return;
        }

        var path = $"{context.Request.Path}{context.Request.QueryString}";
        Requests.Enqueue(path);
        if (Instead(path) is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        try
        {
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _cut.Token);
            await ForwardAsync(context, path, cut.Token);
        }
        catch (Exception exception)
            when (exception
                    is OperationCanceledException
                        or ObjectDisposedException
                        or HttpRequestException
                        or IOException
            )
        {
            context.Abort();
        }
    }

    private async Task ForwardAsync(HttpContext context, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new(context.Request.Method), new Uri(_target.Server, path));
        request.Headers.Authorization = new("Bearer", _target.Token);
        foreach (var accept in context.Request.Headers.Accept)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        using var response = await _client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        if (response.StatusCode is System.Net.HttpStatusCode.Created)
        {
            Created.Enqueue($"{context.Request.Path}");
        }

        if (
            !HttpMethods.IsGet(context.Request.Method) && Dies($"after {context.Request.Method} {context.Request.Path}")
        )
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await context.Response.StartAsync(cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            Answers.Enqueue(Encoding.UTF8.GetString(buffer, 0, read));
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
        }
    }
}
