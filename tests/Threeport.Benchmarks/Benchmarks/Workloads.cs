using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Threeport.Benchmarks.Clients;
using Threeport.Benchmarks.Servers;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>
/// 1,000 workload instances of one ConfigMap each, from the first write to the last that is Ready, which is when the agent has
/// seen its object in the cluster; against <c>kubectl apply --server-side</c> of as many ConfigMaps to the same cluster, which ends
/// when they are written. The definitions are there before, as kubectl's file is.
/// </summary>
internal static class Workloads
{
    private const int Instances = 1_000;

    public static async Task RunAsync(Bench bench)
    {
        await using var host = await bench.ControlPlaneAsync("api,controllers");
        await using var cluster = await bench.ClusterAsync(controllers: true);
        await using var agent = await AttachAsync(bench, host, cluster);
        await OursAsync(bench, host);
        await OursAsync(bench, host);
        await TheirsAsync(bench, cluster);
        bench.Report.Compare(
            "1,000 one-ConfigMap workloads → Ready / kubectl apply --server-side",
            "s",
            Goal.AtMost(1.5),
            await Pairs.MeasureAsync(bench.Pairs, () => OursAsync(bench, host), () => TheirsAsync(bench, cluster))
        );
    }

    private static async Task<ChildProcess> AttachAsync(Bench bench, ControlPlane host, Cluster cluster)
    {
        await host.Side.PostAsync(
            "/v0/kubernetes-runtime-definitions",
            """{"name":"existing","spec":{"infraProvider":"existing"}}""",
            bench.Stop
        );
        await host.Side.PostAsync(
            "/v0/kubernetes-runtime-instances",
            new JsonObject
            {
                ["name"] = "bench",
                ["spec"] = new JsonObject
                {
                    ["kubernetesRuntimeDefinition"] = "existing",
                    ["defaultRuntime"] = true,
                    ["kubeconfig"] = await File.ReadAllTextAsync(cluster.Kubeconfig, bench.Stop),
                    ["agent"] = "External",
                },
            }.ToJsonString(),
            bench.Stop
        );
        var credentials = await host.Side.AskAsync(
            "/v0/tokens",
            """{"name":"agent:bench","roles":["agent:bench"]}""",
            bench.Stop
        );
        var token = Path.Combine(bench.NewFolder("agent"), "token");
        await File.WriteAllTextAsync(token, (string?)credentials["token"], bench.Stop);
        var agent = ChildProcess.Start(
            "threeport-agent",
            bench.Agent,
            [
                "--kubeconfig",
                cluster.Kubeconfig,
                "--api",
                host.Address.ToString(),
                "--ca-file",
                host.CaFile,
                "--token-file",
                token,
                "--runtime",
                "bench",
            ]
        );
        await Ready.WhenAsync(
            "the agent is connected",
            async cancellationToken =>
                (string?)
                    (await host.Side.ReadAsync("/v0/kubernetes-runtime-instances/bench", cancellationToken))["status"]?[
                        "agent"
                    ] == "Connected",
            TimeSpan.FromSeconds(60),
            TimeSpan.FromMilliseconds(100),
            agent,
            bench.Stop
        );
        return agent;
    }

    private static async Task<double> OursAsync(Bench bench, ControlPlane host)
    {
        var names = Enumerable.Range(0, Instances).Select(static _ => Documents.Name()).ToList();
        await host.Side.PostAsync("/v0/apply", Apply("workload-definition", names, Definition), bench.Stop);
        using var watch = await WatchLines.OfAsync(host.Side, "workload-instances", bench.Stop);
        var (missing, body) = (names.ToHashSet(), Apply("workload-instance", names, Instance));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(bench.Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(120));
        var start = Stopwatch.GetTimestamp();
        var seen = watch.UntilAsync(
            line =>
            {
                if (Documents.IsReady(line) && Documents.NameIn(line, "\"name\":\"") is { } name)
                {
                    missing.Remove(name);
                }

                return missing.Count == 0;
            },
            limit.Token
        );
        await host.Side.PostAsync("/v0/apply", body, limit.Token);
        await seen;
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> TheirsAsync(Bench bench, Cluster cluster)
    {
        var file = Path.Combine(bench.NewFolder("kubectl"), "config-maps.yaml");
        var text = new StringBuilder();
        for (var i = 0; i < Instances; i++)
        {
            text.Append(ConfigMap(Documents.Name())).Append("---\n");
        }

        await File.WriteAllTextAsync(file, text.ToString(), bench.Stop);
        var start = Stopwatch.GetTimestamp();
        await ChildProcess.RunAsync(
            bench.Kubectl,
            ["--kubeconfig", cluster.Kubeconfig, "apply", "--server-side", "-f", file],
            timeout: TimeSpan.FromSeconds(120)
        );
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static string ConfigMap(string name) =>
        $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: default\ndata:\n  greeting: hello\n";

    private static JsonObject Definition(string name) => new() { ["yamlDocument"] = ConfigMap(name) };

    private static JsonObject Instance(string name) => new() { ["workloadDefinition"] = name };

    private static string Apply(string kind, IEnumerable<string> names, Func<string, JsonObject> spec) =>
        new JsonObject
        {
            ["resources"] = new JsonArray([
                .. names.Select(n => new JsonObject
                {
                    ["kind"] = kind,
                    ["name"] = n,
                    ["spec"] = spec(n),
                }),
            ]),
        }.ToJsonString();
}
