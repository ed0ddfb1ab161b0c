using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

namespace Threeport.Modules.ControlPlanes.ControlPlaneInstances;

/// <summary>Looks how the control plane's own servers are, in the runtime that it is in. It changes nothing there.</summary>
internal sealed class ControlPlaneInstanceReconciler(IResources resources, ClusterPool clusters)
    : IReconciler<ControlPlaneInstance>
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WhileFailing = TimeSpan.FromSeconds(5);

    private static readonly string[] Kinds = ["Deployment", "StatefulSet"];

    public async ValueTask<Result> ReconcileAsync(Pass<ControlPlaneInstance> pass, CancellationToken cancellationToken)
    {
        var spec = pass.Resource.Spec;
        var runtime = await resources.FindAsync<KubernetesRuntimeInstance>(
            spec.KubernetesRuntimeInstance,
            cancellationToken
        );
        if (runtime?.Connection() is not { } connection)
        {
            return Result.Waiting(
                "RuntimeNotReady",
                $"Runtime {spec.KubernetesRuntimeInstance} has no connection yet."
            );
        }

        try
        {
            return await LookAsync(pass.Resource, clusters.Get(runtime.Id, connection), cancellationToken);
        }
        catch (KubernetesException exception)
        {
            return Result.Waiting(
                exception.IsUnreachable ? KubernetesException.UnreachableReason : "ClusterFailed",
                exception.Message,
                WhileFailing
            );
        }
    }

    private static async Task<Result> LookAsync(
        ControlPlaneInstance controlPlane,
        ClusterClient cluster,
        CancellationToken cancellationToken
    )
    {
        var (ns, status) = (controlPlane.Spec.Namespace, controlPlane.Status);
        var found = await cluster.FindAsync(new("v1", "Namespace", null, ns), cancellationToken, metadataOnly: true);
        if (found?["metadata"]?["labels"]?["threeport.io/control-plane"] is null)
        {
            (status.Servers, status.Version, status.Ready, status.Endpoint) = ([], null, null, null);
            return Result.Waiting("Missing", $"The namespace {ns} is no control plane's.", CheckEvery);
        }

        status.Servers = await ServersAsync(cluster, ns, cancellationToken);
        status.Version = InstalledServers.VersionOf(status.Servers);
        status.Ready = InstalledServers.Summary(status.Servers);
        status.Endpoint = await EndpointAsync(cluster, ns, cancellationToken);
        return InstalledServers.Wrong(status.Servers) is var (reason, message)
            ? Result.Waiting(reason, message, WhileFailing)
            : Result.Done("Ready", requeueAfter: CheckEvery);
    }

    private static async Task<IReadOnlyList<ControlPlaneServer>> ServersAsync(
        ClusterClient cluster,
        string ns,
        CancellationToken cancellationToken
    )
    {
        var servers = new List<ControlPlaneServer>();
        var query = new ListQuery { Namespace = ns, LabelSelector = "app.kubernetes.io/managed-by=threeport" };
        foreach (var kind in Kinds)
        {
            var type = await cluster.FindResourceAsync("apps/v1", kind, cancellationToken);
            var list = await cluster.ListAsync(type!, query, cancellationToken);
            servers.AddRange(list.Items.Select(InstalledServers.Of));
        }

        return servers;
    }

    private static async Task<string?> EndpointAsync(
        ClusterClient cluster,
        string ns,
        CancellationToken cancellationToken
    )
    {
        var service = await cluster.FindAsync(new("v1", "Service", ns, "api"), cancellationToken);
        var address = service?["spec"]?["clusterIP"]?.GetValue<string>();
        var port = service?["spec"]?["ports"]?[0]?["port"]?.GetValue<int>();
        return address is null
            ? null
            : new UriBuilder("https", address, port ?? 443).Uri.GetLeftPart(UriPartial.Authority);
    }
}
