using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Threeport.Api;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeObservations;
using Threeport.Modules.Workloads.WorkloadObservations;

namespace Threeport.IntegrationTests.Agent;

/// <summary>
/// The control plane's API as an agent sees it, over real HTTP: reads reports into the real kinds, unknown fields refused, and
/// keeps the last of each. Can be away, and can refuse.
/// </summary>
internal sealed class RecordingControlPlane : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private readonly WebApplication _app;

    private RecordingControlPlane(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, WorkloadObservationSpec> Observations { get; } = new();

    public ConcurrentDictionary<string, KubernetesRuntimeObservationSpec> Runtimes { get; } = new();

    public ConcurrentQueue<(string Workload, ResourceEventRecord Event)> Events { get; } = new();

    /// <summary>How many observations each accepted request held.</summary>
    public ConcurrentQueue<int> Batches { get; } = new();

    /// <summary>All that was ever sent, as text.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    public ConcurrentDictionary<string, int> Refused { get; } = new();

    public volatile string Token = "agent-token";
    public volatile bool IsAway;
    private int _refusals;

    public int Refusals => Volatile.Read(ref _refusals);

    public Uri Address => new(_app.Urls.First());

    public static async Task<RecordingControlPlane> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var recording = new RecordingControlPlane(app);
        app.Run(recording.AnswerAsync);
        await app.StartAsync();
        return recording;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed record Body(IReadOnlyList<Entry> Resources);

    private sealed record Entry(string Kind, string Name, WorkloadObservationSpec Spec);

    private sealed record Put(KubernetesRuntimeObservationSpec Spec);

    private async Task AnswerAsync(HttpContext context)
    {
        if (IsAway)
        {
            context.Abort();
            return;
        }

        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        if (context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            context.Response.StatusCode = 401;
            return;
        }

        Bodies.Enqueue(text);
        context.Response.StatusCode = (context.Request.Method, context.Request.Path.Value!.Split('/')) switch
        {
            ("POST", ["", "v0", "apply"]) => Apply(Read<Body>(text)),
            ("PUT", ["", "v0", "kubernetes-runtime-observations", var name]) => Beat(name, Read<Put>(text)),
            ("POST", ["", "v0", "workload-instances", var name, "events"]) => Record(
                name,
                Read<List<ResourceEventRecord>>(text)
            ),
            _ => 404,
        };
    }

    private static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Strict)!;

    private int Apply(Body body)
    {
        if (
            body.Resources.Select(r => Refused.GetValueOrDefault(r.Name)).FirstOrDefault(static s => s > 0)
            is > 0
                and var no
        )
        {
            Interlocked.Increment(ref _refusals);
            return no;
        }

        foreach (var resource in body.Resources)
        {
            Assert.That(resource.Kind, Is.EqualTo(WorkloadObservation.Singular));
            Observations[resource.Name] = resource.Spec;
        }

        Batches.Enqueue(body.Resources.Count);
        return 200;
    }

    private int Beat(string name, Put body)
    {
        Runtimes[name] = body.Spec;
        return 200;
    }

    private int Record(string name, List<ResourceEventRecord> events)
    {
        foreach (var one in events)
        {
            Events.Enqueue((name, one));
        }

        return 204;
    }
}
