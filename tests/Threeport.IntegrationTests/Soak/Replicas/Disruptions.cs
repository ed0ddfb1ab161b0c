using System.Diagnostics;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Soak.Replicas;

/// <summary>
/// Kills every replica of every server in turn, then cuts each off for longer than any lease lasts. The next comes when a new write took
/// effect in the cluster and all replicas are well again: what is shown is that one fault at a time harms nobody.
/// </summary>
internal sealed class Disruptions(InstalledControlPlane controlPlane, Canary canary, Ledger ledger, Stopwatch clock)
    : IDisposable
{
    private static readonly string[] Servers = ["api", "controllers", "nats", "postgres"];
    private static readonly TimeSpan CutOff = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HealLimit = TimeSpan.FromMinutes(3);

    private readonly ClusterClient _cluster = controlPlane.Cluster();
    private readonly List<Kill> _done = [];

    /// <summary>To look into one of them: <c>postgres 0 cut off</c>.</summary>
    private readonly string _only = Environment.GetEnvironmentVariable("THREEPORT_SOAK_ONLY") ?? "";

    public IReadOnlyCollection<Kill> Done => _done;

    public async Task RunAsync(Action<string> say, CancellationToken stop)
    {
        foreach (var cutsOff in new[] { false, true })
        {
            foreach (var server in Servers)
            {
                var pods = await PodsAsync(server);
                foreach (var (pod, i) in pods.Select(static (p, i) => (p, i)))
                {
                    stop.ThrowIfCancellationRequested();
                    var what = $"{server} {i} {(cutsOff ? "cut off" : "killed")}";
                    if (what.Contains(_only, StringComparison.Ordinal))
                    {
                        await OneAsync(what, pod, cutsOff, say);
                    }
                }
            }
        }

        Assert.That(_done, Is.Not.Empty, $"there is nothing with \"{_only}\" in its name to be done");
    }

    public void Dispose() => _cluster.Dispose();

    private async Task OneAsync(string what, Pod pod, bool cutsOff, Action<string> say)
    {
        ledger.TakeGap();
        var at = clock.Elapsed;
        if (cutsOff)
        {
            await pod.PartitionAsync();
            try
            {
                await Task.Delay(CutOff);
            }
            finally
            {
                await pod.HealAsync();
            }
        }
        else
        {
            pod.Kill();
        }

        var back = clock.Elapsed;
        await canary.RoundBegunAfterAsync(back);
        var recovered = clock.Elapsed - back;
        await Eventually.TrueAsync($"all are well after {what}", () => AreWellAsync(cutsOff ? null : pod), HealLimit);
        var done = new Kill(what, at.TotalSeconds, (back - at).TotalSeconds, recovered.TotalSeconds);
        _done.Add(done);
        say(
            $"{done.AtSeconds, 7:F1} s  {what, -22} a write took effect after {done.RecoveredInSeconds:F1} s, all well after {(clock.Elapsed - back).TotalSeconds:F1} s, a client had no answer for {ledger.TakeGap().TotalSeconds:F1} s"
        );
    }

    /// <param name="killed">One that is well only when it was started again, or replaced.</param>
    private async Task<bool> AreWellAsync(Pod? killed)
    {
        foreach (var (server, replicas) in new[] { ("api", 2), ("controllers", 2), ("nats", 3), ("postgres", 2) })
        {
            var pods = await PodsAsync(server);
            var isOld = killed is not null && pods.Any(p => p.Uid == killed.Uid && p.Restarts == killed.Restarts);
            if (isOld || pods.Count(static p => p.IsReady) != replicas)
            {
                return false;
            }
        }

        return await IsStandbyInStepAsync();
    }

    /// <summary>
    /// The primary waits for its standby with every commit, and the cluster's own note says so, too: without it the standby may not take
    /// over. It is written a few seconds after the primary has begun to wait.
    /// </summary>
    private async Task<bool> IsStandbyInStepAsync()
    {
        await using var command = controlPlane.Database.CreateCommand(
            "select application_name from pg_stat_replication where state = 'streaming' and sync_state = 'sync'"
        );
        var standby = (string?)await command.ExecuteScalarAsync();
        var note = await _cluster.FindAsync(
            new("v1", "ConfigMap", InstalledControlPlane.Namespace, "postgres-sync"),
            CancellationToken.None
        );
        return standby is not null && (string?)note?["metadata"]?["annotations"]?["sync_standby"] == standby;
    }

    private async Task<IReadOnlyList<Pod>> PodsAsync(string server)
    {
        var pods = await _cluster.FindResourceAsync("v1", "Pod", CancellationToken.None);
        var query = new ListQuery
        {
            Namespace = InstalledControlPlane.Namespace,
            LabelSelector = $"app.kubernetes.io/name={server}",
        };
        return
        [
            .. (await _cluster.ListAsync(pods!, query, CancellationToken.None))
                .Items.Select(static p => new Pod(p))
                .OrderBy(static p => p.Name, StringComparer.Ordinal),
        ];
    }
}
