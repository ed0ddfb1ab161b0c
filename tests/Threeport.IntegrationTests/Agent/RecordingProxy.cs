using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Agent;

/// <summary>Stands between the agent and a real Kubernetes API server: keeps what is asked and answered, and can cut or answer by itself.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly ClusterConnection _target;
    private readonly ConcurrentDictionary<HttpContext, bool> _open = new();

    private RecordingProxy(WebApplication app, ClusterConnection target)
    {
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

    /// <summary>Answers in place of the server, by path and query; null lets it answer.</summary>
    public volatile Func<string, int?> Instead = static _ => null;

    /// <summary>As the target, but through here.</summary>
    public ClusterConnection Connection => _target with { Server = new(_app.Urls.First()), CaCertificate = null };

    public int Watches(string path) =>
        Requests.Count(r =>
            r.StartsWith(path, StringComparison.Ordinal) && r.Contains("watch=true", StringComparison.Ordinal)
        );

    public int Lists(string path) =>
        Requests.Count(r =>
            r.StartsWith(path, StringComparison.Ordinal) && r.Contains("limit=", StringComparison.Ordinal)
        );

    public static async Task<RecordingProxy> StartAsync(ClusterConnection target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var proxy = new RecordingProxy(app, target);
        app.Run(proxy.ForwardAsync);
        await app.StartAsync();
        return proxy;
    }

    /// <summary>Breaks all that is under way, as a server that dies does.</summary>
    public void Cut()
    {
        foreach (var context in _open.Keys)
        {
            context.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        if (IsAway)
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

        _open[context] = true;
        try
        {
            await ForwardAsync(context, path);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            context.Abort();
        }
        finally
        {
            _open.TryRemove(context, out _);
        }
    }

    private async Task ForwardAsync(HttpContext context, string path)
    {
        var cancellationToken = context.RequestAborted;
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
