using System.Diagnostics;
using Threeport.Benchmarks.Clients;
using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>
/// 2,000 definitions at once, in two applies, the largest there are; their reconciler touches nothing outside. Reconciled is what a watch has shown with
/// its generation observed; the time begins with the first write. The reference is 500 Deployments until each has its Pod, with the
/// client limits of kube-controller-manager at 1,000 a second (fewer, because it needs seconds for them and its rate does not fall with
/// their number). The second row, without a goal, is the reference's own case of nothing to do: ReplicaSets of no replicas.
/// </summary>
internal static class Burst
{
    private const int Resources = 2_000;
    private const int References = 500;

    public static async Task RunAsync(Bench bench)
    {
        await using var host = await bench.ControlPlaneAsync("api,controllers");
        await using var cluster = await bench.ClusterAsync(controllers: true);
        // A host compiles what is hot while it works; kube-controller-manager is compiled already.
        for (var i = 0; i < 10; i++)
        {
            await OursAsync(bench, host);
        }

        await DeploymentsAsync(bench, cluster);
        var pairs = await Pairs.MeasureAsync(
            bench.Pairs,
            () => OursAsync(bench, host),
            () => DeploymentsAsync(bench, cluster)
        );
        bench.Report.Bound(
            "burst of 2,000, reconciled per second",
            "1/s",
            Goal.AtLeast(1000),
            Numbers.Median(pairs.Select(static p => p.Ours))
        );
        bench.Report.Compare(
            "burst, reconciled / Deployment → Pod, client limits 1,000",
            "1/s",
            Goal.AtLeast(8),
            pairs
        );
        bench.Report.Compare(
            "  the same / ReplicaSet of no replicas → status",
            "1/s",
            goal: null,
            await Pairs.MeasureAsync(bench.Pairs, () => OursAsync(bench, host), () => ReplicaSetsAsync(bench, cluster))
        );
    }

    private static async Task<double> OursAsync(Bench bench, ControlPlane host)
    {
        using var watch = await WatchLines.OfAsync(host.Side, "workload-definitions", bench.Stop);
        var names = Enumerable.Range(0, Resources).Select(static _ => Documents.Name()).ToHashSet();
        var bodies = names.Chunk(1000).Select(static n => Documents.Apply(n)).ToList();
        return await RateAsync(
            watch,
            names,
            "\"name\":\"",
            "\"observedGeneration\":1",
            () => Task.WhenAll(bodies.Select(b => host.Side.PostAsync("/v0/apply", b, bench.Stop))),
            bench.Stop
        );
    }

    private static Task<double> DeploymentsAsync(Bench bench, Cluster cluster) =>
        TheirsAsync(
            bench,
            cluster,
            "/api/v1/namespaces/default/pods",
            Documents.Deployments,
            Documents.Deployment,
            "\"app\":\"",
            "\"ADDED\""
        );

    private static Task<double> ReplicaSetsAsync(Bench bench, Cluster cluster) =>
        TheirsAsync(
            bench,
            cluster,
            Documents.ReplicaSets,
            Documents.ReplicaSets,
            Documents.ReplicaSet,
            "\"name\":\"",
            "\"observedGeneration\":1"
        );

    private static async Task<double> TheirsAsync(
        Bench bench,
        Cluster cluster,
        string watched,
        string path,
        Func<string, string> document,
        string key,
        string mark
    )
    {
        using var watch = await WatchLines.OfClusterAsync(cluster.Side, watched, bench.Stop);
        var names = Enumerable.Range(0, References).Select(static _ => Documents.Name()).ToHashSet();
        return await RateAsync(
            watch,
            names,
            key,
            mark,
            () =>
                Parallel.ForEachAsync(
                    names.ToList(),
                    new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = bench.Stop },
                    async (name, token) => await cluster.Side.PostAsync(path, document(name), token)
                ),
            bench.Stop
        );
    }

    /// <returns>How many a second, from the first write until the last was seen with its mark.</returns>
    private static async Task<double> RateAsync(
        WatchLines watch,
        HashSet<string> names,
        string key,
        string mark,
        Func<Task> write,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(120));
        var (missing, count) = (names.ToHashSet(), names.Count);
        var start = Stopwatch.GetTimestamp();
        var seen = watch.UntilAsync(
            line =>
            {
                if (line.Contains(mark, StringComparison.Ordinal) && Documents.NameIn(line, key) is { } name)
                {
                    missing.Remove(name);
                }

                return missing.Count == 0;
            },
            limit.Token
        );
        await write();
        await seen;
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
