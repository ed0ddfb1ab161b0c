using System.Diagnostics;
using Threeport.Benchmarks.Clients;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>
/// Idle: from the answer to a write until a watch, open before, shows the status that a controller wrote; against the Pod that
/// kube-controller-manager makes of a Deployment. What is measured begins with the answer on both sides.
/// </summary>
internal static class Reaction
{
    private const int Times = 100;

    public static async Task RunAsync(Bench bench)
    {
        await using var host = await bench.ControlPlaneAsync("api,controllers");
        await using var cluster = await bench.ClusterAsync(controllers: true);
        using var definitions = await WatchLines.OfAsync(host.Side, "workload-definitions", bench.Stop);
        using var pods = await WatchLines.OfClusterAsync(cluster.Side, "/api/v1/namespaces/default/pods", bench.Stop);
        var all = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            await OursAsync();
            await TheirsAsync();
        }

        all.Clear();
        bench.Report.Compare(
            "write answered → status observed, p50 / Deployment → Pod",
            "ms",
            Goal.AtMost(0.6),
            await Pairs.MeasureAsync(bench.Pairs, OursAsync, TheirsAsync)
        );
        bench.Report.Bound(
            "write answered → status observed, p99",
            "ms",
            Goal.AtMost(25),
            Numbers.Percentile([.. all.Order()], 0.99)
        );

        async Task<double> OursAsync()
        {
            var times = await MeasureAsync(
                definitions,
                name => host.Side.PostAsync(Documents.Definitions, Documents.Definition(name), bench.Stop),
                static (name, line) =>
                    line.Contains($"\"{name}\"", StringComparison.Ordinal)
                    && line.Contains("\"observedGeneration\":1", StringComparison.Ordinal),
                bench.Stop
            );
            all.AddRange(times);
            return Numbers.Median(times);
        }

        async Task<double> TheirsAsync() =>
            Numbers.Median(
                await MeasureAsync(
                    pods,
                    name => cluster.Side.PostAsync(Documents.Deployments, Documents.Deployment(name), bench.Stop),
                    static (name, line) => line.Contains($"\"app\":\"{name}\"", StringComparison.Ordinal),
                    bench.Stop
                )
            );
    }

    private static async Task<IReadOnlyList<double>> MeasureAsync(
        WatchLines watch,
        Func<string, Task> write,
        Func<string, string, bool> isDone,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var results = new List<double>(Times);
        for (var i = 0; i < Times; i++)
        {
            var name = Documents.Name();
            // Read meanwhile: the status may be there before the answer has been read.
            var seen = SeenAsync(name);
            await write(name);
            var answered = Stopwatch.GetTimestamp();
            results.Add(Math.Max(0, Stopwatch.GetElapsedTime(answered, await seen).TotalMilliseconds));
        }

        return results;

        async Task<long> SeenAsync(string name)
        {
            await watch.UntilAsync(line => isDone(name, line), limit.Token);
            return Stopwatch.GetTimestamp();
        }
    }
}
