using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Soak;

/// <summary>Changes one workload and waits until the cluster has it, over and over: how long that takes is how well all of it is.</summary>
internal sealed class Canary(ISoaked soaked, Stopwatch clock) : IDisposable
{
    private const string Name = "canary";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ClusterClient _cluster = soaked.Cluster();
    private readonly ObjectReference _map = new("v1", "ConfigMap", "default", Name);
    private readonly List<(TimeSpan After, TaskCompletionSource Done)> _waiting = [];
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _round;

    /// <summary>The longest that a write took from its first try to the cluster.</summary>
    public TimeSpan Longest { get; private set; }

    public int Rounds => _round;

    /// <summary>When a round that began later than that is over, or none will be.</summary>
    public Task RoundBegunAfterAsync(TimeSpan after)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            _waiting.Add((after, done));
        }

        return Task.WhenAny(done.Task, _failed.Task).Unwrap();
    }

    /// <exception cref="AssertionException">A write did not reach the cluster within a minute.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await RoundAsync();
            }
        }
        catch (Exception exception)
        {
            _failed.TrySetException(exception);
            throw;
        }
    }

    public void Dispose() => _cluster.Dispose();

    private async Task RoundAsync()
    {
        var (start, mark) = (clock.Elapsed, $"canary-{++_round}");
        await Eventually.TrueAsync($"the write {mark} is answered", () => WriteAsync(mark), Limit);
        await Eventually.TrueAsync(
            $"the write {mark} is in the cluster",
            async () =>
            {
                using var patience = new CancellationTokenSource(Patience);
                var there = await _cluster.FindAsync(_map, patience.Token);
                return (string?)there?["data"]?["write"] == mark;
            },
            Limit
        );
        var took = clock.Elapsed - start;
        Longest = took > Longest ? took : Longest;
        EndWaiting(start);
        await Task.Delay(200, CancellationToken.None);
    }

    /// <summary>With the one host or the other, as a client behind a load balancer does.</summary>
    private async Task<bool> WriteAsync(string mark)
    {
        using var patience = new CancellationTokenSource(Patience);
        var resources = new JsonArray(
            Document("workload-definition", SoakServers.Definition(Name, mark)),
            Document("workload-instance", new() { ["workloadDefinition"] = Name })
        );
        using var answer = await soaked
            .ClientOf(_round)
            .PostAsJsonAsync("/v0/apply", new JsonObject { ["resources"] = resources }, patience.Token);
        return answer.IsSuccessStatusCode
            ? true
            : throw new HttpRequestException(await answer.Content.ReadAsStringAsync(patience.Token));
    }

    private static JsonObject Document(string kind, JsonObject spec) =>
        new()
        {
            ["kind"] = kind,
            ["name"] = Name,
            ["spec"] = spec,
        };

    private void EndWaiting(TimeSpan begun)
    {
        lock (_waiting)
        {
            foreach (var waiting in _waiting.Where(w => begun >= w.After))
            {
                waiting.Done.SetResult();
            }

            _waiting.RemoveAll(w => begun >= w.After);
        }
    }
}
