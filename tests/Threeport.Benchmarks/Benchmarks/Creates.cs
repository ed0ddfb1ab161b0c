using Threeport.Benchmarks.Clients;
using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>
/// Durable creates over TLS: document, history, outbox and reconcile state in PostgreSQL against a custom resource in
/// kube-apiserver and etcd. Without controllers on both sides: what they would do about it is not part of creating.
/// </summary>
internal static class Creates
{
    /// <summary>A host compiles what is hot while it works; kube-apiserver is compiled already and fills its caches.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(Bench bench)
    {
        await using var host = await bench.ControlPlaneAsync("api");
        await using var cluster = await bench.ClusterAsync();
        var (ours, reference) = (Of(bench, host), Of(bench, cluster));
        await ours.RunAsync(64, WarmUp, bench.Stop);
        await reference.RunAsync(64, TimeSpan.FromSeconds(5), bench.Stop);
        bench.Report.Compare(
            "creates over TLS, 64 connections / kube-apiserver + etcd",
            "1/s",
            Goal.AtLeast(5),
            await Pairs.MeasureAsync(
                bench.Pairs,
                async () => (await ours.RunAsync(64, bench.Window, bench.Stop)).PerSecond,
                async () => (await reference.RunAsync(64, bench.Window, bench.Stop)).PerSecond
            )
        );
        bench.Report.Compare(
            "create over TLS, 1 connection, p50 / kube-apiserver + etcd",
            "ms",
            Goal.AtMost(1),
            await Pairs.MeasureAsync(
                bench.Pairs,
                async () => (await ours.RunAsync(1, bench.Window, bench.Stop)).P50,
                async () => (await reference.RunAsync(1, bench.Window, bench.Stop)).P50
            )
        );
    }

    public static Wrk Of(Bench bench, ControlPlane host) =>
        new(host.Address, Documents.Definitions, Documents.Definition, host.TokenFile, bench.NewFolder("wrk"));

    public static Wrk Of(Bench bench, Cluster cluster) =>
        new(
            cluster.Address,
            Documents.CustomResources,
            Documents.CustomResource,
            cluster.TokenFile,
            bench.NewFolder("wrk")
        );
}
