using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>A request as it came: the target not decoded, each header as it was written.</summary>
internal sealed record Received(
    string Verb,
    string Target,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    byte[] Body
)
{
    public string Path => Target.Split('?')[0];

    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) =>
        Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The query, or a form in the body: names and values decoded, in their order.</summary>
    public static List<KeyValuePair<string, string>> Pairs(string text) =>
        [
            .. text.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(static pair => pair.Split('=', 2))
                .Select(static pair => KeyValuePair.Create(Decode(pair[0]), Decode(pair.ElementAtOrDefault(1) ?? ""))),
        ];

    public List<KeyValuePair<string, string>> Query => Pairs(Target.Split('?', 2).ElementAtOrDefault(1) ?? "");

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}

internal sealed record Answer(int Status, string Body, string Type, params (string Name, string Value)[] Headers);

/// <summary>An HTTP server in this process that keeps what it is sent and answers what it is told to.</summary>
internal sealed class AwsListener : IAsyncDisposable
{
    private readonly WebApplication _application;

    private AwsListener(WebApplication application)
    {
        _application = application;
        application.Run(HandleAsync);
    }

    /// <summary>Asked for each request.</summary>
    public Func<Received, Answer> Respond { get; set; } = static _ => new Answer(200, "{}", "application/json");

    public ConcurrentQueue<Received> Requests { get; } = new();

    public string Url => _application.Urls.Single();

    public static async Task<AwsListener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var listener = new AwsListener(builder.Build());
        await listener._application.StartAsync(CancellationToken.None);
        return listener;
    }

    /// <summary>The one request that came since this was asked last.</summary>
    public Received TakeSingle()
    {
        var all = Requests.ToArray();
        Requests.Clear();
        return all.Single();
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var received = new Received(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            [
                .. context.Request.Headers.SelectMany(
                    static header => header.Value,
                    static (header, value) => KeyValuePair.Create(header.Key, value!)
                ),
            ],
            body.ToArray()
        );
        Requests.Enqueue(received);
        var answer = Respond(received);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.Type;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
