using System.Diagnostics;
using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>
/// Writes while the broker is stopped against writes with it, and how long after its return everything is reconciled that was
/// written meanwhile. Before a window with the broker the outbox is empty: what the last one left is not its work.
/// </summary>
internal static class BrokerAway
{
    private const int Resources = 2_000;
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static async Task RunAsync(Bench bench)
    {
        await WritesAsync(bench);
        await ReturnAsync(bench);
    }

    private static async Task WritesAsync(Bench bench)
    {
        await using var broker = new Broker(bench.NewFolder("nats"));
        await broker.StartAsync(bench.Stop);
        await using var host = await bench.ControlPlaneAsync("api", "--nats", broker.Url);
        await using var backlog = new Backlog(host);
        var load = Creates.Of(bench, host);
        await load.RunAsync(64, Creates.WarmUp, bench.Stop);
        bench.Report.Compare(
            "creates per second, broker stopped / with it",
            "1/s",
            Goal.AtLeast(0.95),
            await Pairs.MeasureAsync(
                bench.Pairs,
                async () =>
                {
                    await broker.StopAsync();
                    return (await load.RunAsync(64, bench.Window, bench.Stop)).PerSecond;
                },
                async () =>
                {
                    await broker.StartAsync(bench.Stop);
                    await backlog.PublishedAsync(Limit, bench.Stop);
                    return (await load.RunAsync(64, bench.Window, bench.Stop)).PerSecond;
                }
            )
        );
    }

    private static async Task ReturnAsync(Bench bench)
    {
        await using var broker = new Broker(bench.NewFolder("nats"));
        await broker.StartAsync(bench.Stop);
        await using var host = await bench.ControlPlaneAsync("api,controllers", "--nats", broker.Url);
        await using var backlog = new Backlog(host);
        var seconds = new List<double>();
        for (var i = 0; i < bench.Pairs; i++)
        {
            await broker.StopAsync();
            foreach (var names in Enumerable.Range(0, Resources).Select(static _ => Documents.Name()).Chunk(1000))
            {
                await host.Side.PostAsync("/v0/apply", Documents.Apply(names), bench.Stop);
            }

            await Task.Delay(Away, bench.Stop);
            var start = Stopwatch.GetTimestamp();
            await broker.StartAsync(bench.Stop);
            await backlog.ReconciledAsync(Limit, bench.Stop);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        bench.Report.Bound(
            "broker back → 2,000 written meanwhile reconciled, the slowest",
            "s",
            Goal.AtMost(10),
            seconds.Max()
        );
    }
}
