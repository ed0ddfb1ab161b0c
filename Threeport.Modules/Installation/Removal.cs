using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>Takes a control plane out of a cluster, from whatever it left there; neither its API nor its pods are needed.</summary>
/// <param name="cluster">The cluster, as somebody who may do anything there.</param>
/// <param name="name">What the control plane is called.</param>
/// <param name="time">The clock.</param>
public sealed class Removal(ClusterClient cluster, string name, TimeProvider time)
{
    private const string Rbac = "rbac.authorization.k8s.io/v1";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    private readonly string _namespace = $"threeport-{name}";
    private readonly AgentScope _agent = InstallationPlan.AgentOf(name);

    /// <summary>All steps, in their order.</summary>
    public IReadOnlyList<Step> Steps =>
        [new("Control plane", NamespaceAsync), new("Agent", AgentAsync), new("Volumes", VolumesAsync)];

    /// <summary>The workloads that the agent of this cluster was told to look at: what would be left without a control plane.</summary>
    public async Task<IReadOnlyList<string>> WorkloadsAsync(CancellationToken cancellationToken)
    {
        if (
            await cluster.FindResourceAsync("threeport.io/v1", "ThreeportWorkload", cancellationToken)
            is not { } resource
        )
        {
            return [];
        }

        var list = await cluster.ListAsync(resource, new() { LabelSelector = _agent.Selector }, cancellationToken);
        return [.. list.Items.Select(static w => w["spec"]?["workloadInstance"]?.GetValue<string>() ?? "")];
    }

    private async Task<string> NamespaceAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var ns = new ObjectReference("v1", "Namespace", null, _namespace);
        var found = await cluster.FindAsync(ns, cancellationToken);
        if (
            found is not null
            && found["metadata"]?["labels"]?["threeport.io/control-plane"]?.GetValue<string>() != name
        )
        {
            throw new InstallationException(
                $"to delete the namespace {_namespace}",
                "it is not this control plane's",
                "Look what it is: kubectl get namespace --show-labels"
            );
        }

        await GoneAsync([ns], progress, cancellationToken);
        await GoneAsync([new(Rbac, "ClusterRoleBinding", null, $"{_namespace}-runtime")], progress, cancellationToken);
        return $"namespace {_namespace} and what was in it";
    }

    private async Task<string> AgentAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        await GoneAsync(await _agent.FindAsync(cluster, cancellationToken), progress, cancellationToken);
        return "namespace, rights and orders";
    }

    /// <summary>Those that the claims had: they go after the claims, when their provisioner has come to it.</summary>
    private async Task<string> VolumesAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var volumes = await cluster.FindResourceAsync("v1", "PersistentVolume", cancellationToken);
        var start = time.GetTimestamp();
        while (true)
        {
            var left = (await cluster.ListAsync(volumes!, new(), cancellationToken))
                .Items.Where(v => v["spec"]?["claimRef"]?["namespace"]?.GetValue<string>() == _namespace)
                .Select(static v => v["metadata"]!["name"]!.GetValue<string>())
                .ToList();
            if (left.Count == 0)
            {
                return "none left";
            }

            if (time.GetElapsedTime(start) > TimeSpan.FromSeconds(60))
            {
                return $"left by their storage class, delete them yourself: {string.Join(", ", left)}";
            }

            progress($"{left.Count} still there");
            await Task.Delay(Look, time, cancellationToken);
        }
    }

    private async Task GoneAsync(
        IReadOnlyList<ObjectReference> objects,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        foreach (var one in objects)
        {
            progress($"{one}");
            await cluster.DeleteAsync(one, Propagation.Background, uid: null, cancellationToken);
        }

        var start = time.GetTimestamp();
        foreach (var one in objects)
        {
            while (await cluster.FindAsync(one, cancellationToken, metadataOnly: true) is not null)
            {
                if (time.GetElapsedTime(start) > Limit)
                {
                    throw new InstallationException(
                        $"to delete {one}",
                        $"it was still there after {Limit.TotalMinutes:0} minutes",
                        "kubectl describe it: a finaliser, or an API service that does not answer, holds it."
                    );
                }

                progress($"{one} is going");
                await Task.Delay(Look, time, cancellationToken);
            }
        }
    }
}
