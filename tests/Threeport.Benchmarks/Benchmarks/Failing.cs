using System.Diagnostics;
using System.Text.Json.Nodes;
using Threeport.Benchmarks.Clients;
using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>
/// A runtime that is registered while a thousand others of the same kind fail again and again, because nobody listens at their
/// address, against the same without them: from the write to the watch that shows it ready.
/// </summary>
internal static class Failing
{
    private const int Resources = 1_000;
    private const int Times = 20;
    private const string Runtimes = "/v0/kubernetes-runtime-instances";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static async Task RunAsync(Bench bench)
    {
        await using var host = await bench.ControlPlaneAsync("api,controllers");
        await using var cluster = await bench.ClusterAsync();
        await using var backlog = new Backlog(host);
        await host.Side.PostAsync(
            "/v0/kubernetes-runtime-definitions",
            """{"name":"existing","spec":{"infraProvider":"existing"}}""",
            bench.Stop
        );
        using var watch = await WatchLines.OfAsync(host.Side, "kubernetes-runtime-instances", bench.Stop);
        var kubeconfig = await File.ReadAllTextAsync(cluster.Kubeconfig, bench.Stop);
        var failing = await FailingSpecAsync(cluster, bench.Stop);
        await MeasureAsync();
        bench.Report.Compare(
            "registered → ready, beside 1,000 that fail / without them",
            "ms",
            Goal.AtMost(1.5),
            await Pairs.MeasureAsync(
                bench.Pairs,
                async () =>
                {
                    var names = Enumerable.Range(0, Resources).Select(static _ => Documents.Name()).ToList();
                    await host.Side.PostAsync("/v0/apply", Apply(names, failing), bench.Stop);
                    await backlog.ReconciledAsync(Limit, bench.Stop);
                    var time = await MeasureAsync();
                    await Parallel.ForEachAsync(
                        names,
                        new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = bench.Stop },
                        async (name, token) => await host.Side.DeleteAsync($"{Runtimes}/{name}", token)
                    );
                    await backlog.ReconciledAsync(Limit, bench.Stop);
                    return time;
                },
                MeasureAsync
            )
        );

        async Task<double> MeasureAsync()
        {
            var times = new List<double>();
            for (var i = 0; i < Times; i++)
            {
                var name = Documents.Name();
                var start = Stopwatch.GetTimestamp();
                var seen = watch.UntilAsync(
                    line => line.Contains(name, StringComparison.Ordinal) && Documents.IsReady(line),
                    bench.Stop
                );
                await host.Side.PostAsync(
                    Runtimes,
                    new JsonObject
                    {
                        ["name"] = name,
                        ["spec"] = new JsonObject
                        {
                            ["kubernetesRuntimeDefinition"] = "existing",
                            ["kubeconfig"] = kubeconfig,
                            ["agent"] = "External",
                        },
                    }.ToJsonString(),
                    bench.Stop
                );
                await seen.WaitAsync(TimeSpan.FromSeconds(30), bench.Stop);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return Numbers.Median(times);
        }
    }

    private static async Task<JsonObject> FailingSpecAsync(Cluster cluster, CancellationToken cancellationToken) =>
        new()
        {
            ["kubernetesRuntimeDefinition"] = "existing",
            ["apiEndpoint"] = $"https://127.0.0.1:{Ports.Next()}",
            ["caCertificate"] = await File.ReadAllTextAsync(cluster.CaFile, cancellationToken),
            ["connectionToken"] = "none",
            ["agent"] = "External",
        };

    private static string Apply(IEnumerable<string> names, JsonObject spec) =>
        new JsonObject
        {
            ["resources"] = new JsonArray([
                .. names.Select(n => new JsonObject
                {
                    ["kind"] = "kubernetes-runtime-instance",
                    ["name"] = n,
                    ["spec"] = spec.DeepClone(),
                }),
            ]),
        }.ToJsonString();
}
