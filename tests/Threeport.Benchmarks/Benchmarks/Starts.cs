using System.Diagnostics;
using System.Net;
using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>
/// threeport on a data folder that is there, from the start of the process, with its PostgreSQL and its NATS, to the answer to a
/// first write; against kube-apiserver until it says that it is ready, over an etcd that runs already.
/// </summary>
internal static class Starts
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(5);

    public static async Task RunAsync(Bench bench)
    {
        await using var host = await bench.ControlPlaneAsync("api,controllers");
        await using var cluster = await bench.ClusterAsync();
        await host.Side.PostAsync(Documents.Definitions, Documents.Definition(Documents.Name()), bench.Stop);
        bench.Report.Compare(
            "threeport start → first write / kube-apiserver start → ready",
            "ms",
            Goal.AtMost(0.5),
            await Pairs.MeasureAsync(bench.Pairs, () => OursAsync(host, bench), () => TheirsAsync(cluster, bench))
        );
    }

    private static async Task<double> OursAsync(ControlPlane host, Bench bench)
    {
        await host.StopAsync();
        var start = Stopwatch.GetTimestamp();
        host.Launch();
        await Ready.WhenAsync(
            "threeport takes a write",
            async token =>
            {
                await host.Side.PostAsync(Documents.Definitions, Documents.Definition(Documents.Name()), token);
                return true;
            },
            Limit,
            Every,
            process: null,
            bench.Stop
        );
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> TheirsAsync(Cluster cluster, Bench bench)
    {
        await cluster.StopApiServerAsync();
        var start = Stopwatch.GetTimestamp();
        cluster.LaunchApiServer();
        await Ready.WhenAsync(
            "kube-apiserver is ready",
            async token => await cluster.Side.StatusAsync("/readyz", token) is HttpStatusCode.OK,
            Limit,
            Every,
            process: null,
            bench.Stop
        );
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
