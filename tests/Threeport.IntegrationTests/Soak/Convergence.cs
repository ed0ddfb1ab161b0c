using System.Diagnostics;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Soak;

/// <summary>Compares what the control plane was told with what the cluster has, once nobody writes any more.</summary>
internal static class Convergence
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(60);

    /// <returns>What is not as it should be after a minute without faults.</returns>
    public static async Task<IReadOnlyList<string>> WrongAfterAsync(ISoaked soaked)
    {
        using var cluster = soaked.Cluster();
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var wrong = await WrongAsync(soaked, cluster);
            if (wrong.Count == 0 || clock.Elapsed > Settled)
            {
                return wrong;
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Instances that are not Healthy, or are being deleted; and ConfigMaps that are too many, missing, or not as defined.</summary>
    private static async Task<IReadOnlyList<string>> WrongAsync(ISoaked soaked, ClusterClient cluster)
    {
        var marks = (await soaked.ListAsync("workload-definitions")).ToDictionary(
            static d => (string)d["name"]!,
            static d => (string?)d["labels"]?["write"]
        );
        var instances = await soaked.ListAsync("workload-instances");
        var map = (await cluster.FindResourceAsync("v1", "ConfigMap", CancellationToken.None))!;
        var query = new ListQuery { Namespace = "default", LabelSelector = "app.kubernetes.io/managed-by=threeport" };
        var there = (await cluster.ListAsync(map, query, CancellationToken.None)).Items.ToDictionary(
            static o => (string)o["metadata"]!["name"]!,
            static o => (string?)o["data"]?["write"]
        );
        var names = instances.Select(static i => (string)i["name"]!).ToHashSet();
        return
        [
            .. instances
                .Where(static i => WholeControlPlane.Reason(i) != "Healthy" || i["deletionRequestedAt"] is not null)
                .Select(static i => $"not Healthy: {i.ToJsonString()}"),
            .. there.Keys.Except(names).Select(static n => $"ConfigMap {n} is left"),
            .. names
                .Where(n => !there.ContainsKey(n) || (marks[n] is { } mark && there[n] != mark))
                .Select(n => $"ConfigMap {n} shows {there.GetValueOrDefault(n)}, not {marks[n]}"),
        ];
    }
}
