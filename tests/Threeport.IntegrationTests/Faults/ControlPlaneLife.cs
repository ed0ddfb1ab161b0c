using Threeport.IntegrationTests.Agent;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;
using Threeport.Modules.ControlPlanes.ControlPlaneInstances;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

namespace Threeport.IntegrationTests.Faults;

/// <summary>A control plane that is looked at, and no longer. What it is made of stays as it is.</summary>
internal sealed class ControlPlaneLife(ClusterConnection connection, string ns, CrashPoints points)
{
    private readonly MemoryResources _resources = new();

    public async Task<(IReadOnlyList<string> State, IReadOnlyCollection<string> Created)> RunAsync()
    {
        await using var proxy = await RecordingProxy.StartAsync(connection, secure: true);
        using var clusters = new ClusterPool(TimeProvider.System, new(AllowLoopback: true));
        _resources.Put(
            new KubernetesRuntimeInstance
            {
                Name = "local",
                Spec = new() { Kubeconfig = proxy.Kubeconfig },
            }
        );
        _resources.Put(
            new ControlPlaneInstance
            {
                Name = "self",
                Spec = new()
                {
                    KubernetesRuntimeInstance = "local",
                    Namespace = ns,
                    IsSelf = true,
                },
            }
        );
        var life = new Life<ControlPlaneInstance>(
            _resources,
            proxy,
            () => new ControlPlaneInstanceReconciler(_resources, clusters),
            "self",
            points
        );
        await life.UntilAsync("look", static r => r.Reason == "Degraded");
        var status = _resources.Get<ControlPlaneInstance>("self").Status;
        await life.UntilAsync("forget", static r => r.IsReady, finalize: true);
        return ([$"{status.Version} {status.Ready}"], proxy.Created);
    }

    /// <summary>A namespace with a control plane's servers, none of which runs.</summary>
    public static async Task<string> MakeAsync(ClusterClient cluster)
    {
        var ns = $"threeport-{Guid.CreateVersion7():N}"[..40];
        var servers = string.Join("---\n", new[] { "api", "controllers" }.Select(n => Server(ns, n)));
        var space = $$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{ns}}, labels: {threeport.io/control-plane: self} }
            """;
        foreach (var manifest in Manifests.Parse($"{space}\n---\n{servers}"))
        {
            await cluster.ApplyAsync(manifest.Content, CancellationToken.None);
        }

        return ns;
    }

    private static string Server(string ns, string name) =>
        $$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: {{name}}, namespace: {{ns}}, labels: {app.kubernetes.io/managed-by: threeport} }
            spec:
              selector: {matchLabels: {app: {{name}}} }
              template:
                metadata: {labels: {app: {{name}}} }
                spec: {containers: [{name: threeport, image: "localhost:5000/threeport/host:1.2.3"}]}

            """;
}
