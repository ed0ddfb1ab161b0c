using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Kubernetes;

/// <summary>A "cluster" that answers without an end, to fill the memory of whoever asked: it may be anybody's.</summary>
public sealed class GreedyClusterTests
{
    private const string List = """{"kind": "List", "metadata": {"resourceVersion": "1"}, "items": [""";
    private static readonly ApiResource Pods = new("v1", "Pod", "pods", Namespaced: true, ["list", "watch"]);
    private static readonly byte[] Filling = [.. Enumerable.Repeat((byte)' ', 64 * 1024)];
    private WebApplication _server = null!;
    private ClusterClient _client = null!;

    /// <summary>Whether it answers packed.</summary>
    private volatile bool _packs;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var certificate = TestCertificate.Create();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                System.Net.IPAddress.Loopback,
                0,
                listen => listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate })
            )
        );
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync();
        _client = new(
            new ClusterConnection
            {
                Server = new(_server.Urls.Single()),
                CaCertificate = certificate.ExportCertificatePem(),
                Token = "token",
            }
        );
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task An_answer_without_an_end_is_given_up([Values] bool packed)
    {
        _packs = packed;
        var exception = await Assert.ThrowsAsync<KubernetesException>(() =>
            _client.ListAsync(Pods, new ListQuery(), CancellationToken.None)
        );
        Assert.That(exception!.Message, Does.Contain("an answer of more than 32 MiB"));
        Assert.That(exception.IsUnreachable);
    }

    [Test]
    public async Task A_refusal_without_an_end_is_given_up([Values] bool packed)
    {
        _packs = packed;
        var exception = await Assert.ThrowsAsync<KubernetesException>(() =>
            _client.VersionAsync(CancellationToken.None)
        );
        Assert.That(exception!.Message, Does.Contain("an answer of more than 32 MiB"));
    }

    [Test]
    public async Task A_line_of_a_watch_without_an_end_is_given_up([Values] bool packed)
    {
        _packs = packed;
        var seen = 0;
        var exception = await Assert.ThrowsAsync<KubernetesException>(async () =>
        {
            await foreach (
                var change in _client.WatchAsync(
                    Pods,
                    new ListQuery(),
                    "1",
                    TimeSpan.FromMinutes(1),
                    CancellationToken.None
                )
            )
            {
                seen++;
            }
        });
        Assert.That(exception!.Message, Does.Contain("an answer of more than 32 MiB"));
        Assert.That(seen, Is.EqualTo(100), "of a watch each line counts for itself");
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var isWatch = context.Request.Query.ContainsKey("watch");
        context.Response.StatusCode = context.Request.Path.StartsWithSegments("/version") ? 403 : 200;
        context.Response.ContentType = "application/json";
        if (_packs)
        {
            context.Response.Headers.ContentEncoding = "gzip";
        }

        await using var body = _packs
            ? new GZipStream(context.Response.Body, CompressionLevel.Fastest)
            : context.Response.Body;
        try
        {
            for (var i = 0; isWatch && i < 100; i++)
            {
                await WriteAsync(
                    body,
                    $$"""{"type": "ADDED", "object": {"metadata": {"name": "{{new string('a', 1024 * 1024)}}"} } }"""
                        + "\n"
                );
            }

            await WriteAsync(body, List);
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await body.WriteAsync(Filling, context.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // They have hung up, as they should.
        }
    }

    private static Task WriteAsync(Stream body, string text) =>
        body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text)).AsTask();
}
