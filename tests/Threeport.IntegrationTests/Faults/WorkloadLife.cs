using Threeport.Api;
using Threeport.IntegrationTests.Agent;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Modules.Workloads.WorkloadDefinitions;
using Threeport.Modules.Workloads.WorkloadInstances;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Faults;

/// <summary>A workload instance that is created, changed (an object more, one less, one other) and deleted.</summary>
internal sealed class WorkloadLife(ClusterConnection connection, ClusterClient cluster, CrashPoints points)
{
    public const string Map = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data: {a: "1"}
        """;

    private const string Account = """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: robot}
        """;

    private const string Secret = """
        apiVersion: v1
        kind: Secret
        metadata: {name: token}
        stringData: {t: "1"}
        """;

    private static readonly string[] Kinds = ["ConfigMap", "ServiceAccount", "Secret", "Namespace"];

    private readonly MemoryResources _resources = new();
    private readonly string _name = $"c{Guid.CreateVersion7().ToString("N")[^8..]}";

    public async Task<(IReadOnlyList<string> State, IReadOnlyCollection<string> Created)> RunAsync()
    {
        await using var proxy = await RecordingProxy.StartAsync(connection, secure: true);
        _resources.Put(
            new KubernetesRuntimeInstance
            {
                Name = "test",
                Spec = new() { KubernetesRuntimeDefinition = "test", Kubeconfig = proxy.Kubeconfig },
                Conditions = [new(Condition.ReadyType, ConditionStatus.True, "Ready", "")],
            }
        );
        Define(Map, Account);
        _resources.Put(
            new WorkloadInstance
            {
                Name = _name,
                Spec = new() { WorkloadDefinition = _name, KubernetesRuntimeInstance = "test" },
            }
        );
        var life = new Life<WorkloadInstance>(
            _resources,
            proxy,
            () =>
                new WorkloadInstanceReconciler(
                    _resources,
                    new(TimeProvider.System, new(AllowLoopback: true)),
                    new AgentRights(AgentScope.Of(null)),
                    TimeProvider.System
                ),
            _name,
            points
        );
        var state = new List<string>();
        await life.UntilAsync("create", IsApplied);
        state.AddRange(await StateAsync());
        Define(Map.Replace("\"1\"", "\"2\"", StringComparison.Ordinal), Secret);
        await life.UntilAsync("change", IsApplied);
        state.AddRange(await StateAsync());
        await life.UntilAsync("delete", static r => r.IsReady, finalize: true);
        state.AddRange(await StateAsync());
        return (state, proxy.Created);
    }

    private static bool IsApplied(Result result) =>
        result.Reason == "Progressing" && result.Message.Contains("waiting for the agent", StringComparison.Ordinal);

    private void Define(params string[] documents) =>
        _resources.Put(
            new WorkloadDefinition
            {
                Name = _name,
                Spec = new() { YamlDocument = string.Join("\n---\n", documents) },
            }
        );

    /// <summary>What is in the cluster, and what the control plane knows of it, without what differs from life to life.</summary>
    private async Task<List<string>> StateAsync()
    {
        var instance = _resources.Get<WorkloadInstance>(_name);
        var id = instance.Id.ToString("D");
        var lines = new List<string>();
        foreach (var kind in Kinds)
        {
            var type = await cluster.FindResourceAsync("v1", kind, CancellationToken.None);
            var found = await cluster.ListAsync(
                type!,
                new() { LabelSelector = $"threeport.io/workload-instance={id}" },
                CancellationToken.None
            );
            lines.AddRange(
                found.Items.Select(o => $"{kind} {Neutral(o["metadata"]!["name"]!.ToString(), instance)} {o["data"]}")
            );
        }

        var order = await cluster.FindAsync(ThreeportWorkloads.Reference(id), CancellationToken.None);
        lines.Add($"ordered {order?["spec"]?["objects"]?.AsArray().Count ?? 0}");
        lines.AddRange(instance.Status.Inventory.Select(o => $"knows {o.Kind} {Neutral(o.Name, instance)}"));
        return lines;
    }

    private static string Neutral(string text, WorkloadInstance instance) =>
        instance.Status.Namespace is { } ns ? text.Replace(ns, "its-namespace", StringComparison.Ordinal) : text;
}
