using Threeport.Benchmarks.Clients;
using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>
/// Memory with 25,000 resources: threeport with its PostgreSQL and NATS against kube-apiserver with etcd, each written one by one
/// over 32 connections and then left alone for a while. And the processor's time that threeport takes with 10,000 and nothing to do.
/// </summary>
internal static class Footprint
{
    private const int Few = 10_000;
    private const int Many = 25_000;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(Bench bench)
    {
        double ours,
            withBuffers;
        await using (var host = await bench.ControlPlaneAsync("api,controllers"))
        {
            await using var backlog = new Backlog(host);
            await WriteAsync(host.Side, Documents.Definitions, Documents.Definition, Few, bench.Stop);
            await backlog.ReconciledAsync(TimeSpan.FromSeconds(120), bench.Stop);
            await backlog.PublishedAsync(TimeSpan.FromSeconds(120), bench.Stop);
            await Task.Delay(Settle, bench.Stop);
            var before = Usage.Processor(host.Process);
            await Task.Delay(Idle, bench.Stop);
            bench.Report.Bound(
                "idle with 10,000 resources, of one core",
                "%",
                Goal.AtMost(2),
                (Usage.Processor(host.Process) - before) / Idle.TotalSeconds * 100
            );
            await WriteAsync(host.Side, Documents.Definitions, Documents.Definition, Many - Few, bench.Stop);
            await backlog.ReconciledAsync(TimeSpan.FromSeconds(120), bench.Stop);
            await Task.Delay(Settle, bench.Stop);
            ours = Usage.Memory(buffers: false, host.Process);
            withBuffers = Usage.Memory(buffers: true, host.Process);
        }

        await using var cluster = await bench.ClusterAsync();
        await WriteAsync(cluster.Side, Documents.CustomResources, Documents.CustomResource, Many, bench.Stop);
        await Task.Delay(Settle, bench.Stop);
        var reference = Usage.Memory(buffers: true, cluster.Processes);
        bench.Report.Compare(
            "memory with 25,000 resources / kube-apiserver + etcd",
            "MB",
            Goal.AtMost(0.25),
            [(ours, reference)]
        );
        bench.Report.Compare(
            "  the same with PostgreSQL's shared buffers",
            "MB",
            goal: null,
            [(withBuffers, reference)]
        );
    }

    private static Task WriteAsync(
        Side side,
        string path,
        Func<string, string> document,
        int count,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellationToken },
            async (_, token) => await side.PostAsync(path, document(Documents.Name()), token)
        );
}
