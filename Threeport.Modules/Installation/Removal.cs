using System.Text.Json.Nodes;
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
    private static readonly TimeSpan PodLimit = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    private static readonly (string ApiVersion, string Kind)[] Makers =
    [
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("batch/v1", "Job"),
        ("v1", "Pod"),
    ];

    private readonly string _namespace = $"threeport-{name}";
    private readonly AgentScope _agent = InstallationPlan.AgentOf(name);

    /// <summary>All steps, in their order.</summary>
    public IReadOnlyList<Step> Steps =>
        [
            new("Servers", ServersAsync),
            new("Control plane", NamespaceAsync),
            new("Agent", AgentAsync),
            new("Volumes", VolumesAsync),
        ];

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

    /// <summary>
    /// The controllers before what they would make anew, the agent while there is somebody to tell the last of what it saw, then the rest.
    /// A namespace whose pods are gone goes at once; one with pods is looked at again only after all the time that they may take.
    /// </summary>
    private async Task<string> ServersAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        if (!await IsOursAsync(cancellationToken))
        {
            return "none";
        }

        await StopAsync(_namespace, "app.kubernetes.io/name=controllers", cancellationToken);
        await UntilAsync(IsStopped, "app.kubernetes.io/name=controllers", progress, cancellationToken);
        await StopAsync(_agent.Namespace, null, cancellationToken);
        await UntilAsync(IsStopped, "app.kubernetes.io/name=threeport-agent", progress, cancellationToken);
        await StopAsync(_namespace, null, cancellationToken);
        await UntilAsync(static _ => false, null, progress, cancellationToken);
        return "stopped";
    }

    /// <summary>Ends what makes pods, and pods that nothing made.</summary>
    private async Task StopAsync(string ns, string? selector, CancellationToken cancellationToken)
    {
        foreach (var (apiVersion, kind) in Makers)
        {
            var makers = await ListAsync(apiVersion, kind, ns, selector, cancellationToken);
            foreach (var maker in makers.Where(static m => m["metadata"]!["ownerReferences"] is null))
            {
                await cluster.DeleteAsync(
                    ObjectReference.Of(maker),
                    Propagation.Background,
                    uid: null,
                    cancellationToken
                );
            }
        }
    }

    /// <summary>Waits for pods of both namespaces to be done with, or gone; for one that does not go, its namespace waits.</summary>
    private async Task UntilAsync(
        Func<JsonObject, bool> isDone,
        string? selector,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < PodLimit)
        {
            var left = (await ListAsync("v1", "Pod", _namespace, selector, cancellationToken))
                .Concat(await ListAsync("v1", "Pod", _agent.Namespace, selector, cancellationToken))
                .FirstOrDefault(p => !isDone(p));
            if (left is null)
            {
                return;
            }

            progress($"{left["metadata"]!["name"]} is going");
            await Task.Delay(Look, time, cancellationToken);
        }
    }

    private static bool IsStopped(JsonObject pod) =>
        (pod["status"]?["containerStatuses"] as JsonArray ?? []).All(static c => c?["state"]?["running"] is null);

    private async Task<IReadOnlyList<JsonObject>> ListAsync(
        string apiVersion,
        string kind,
        string ns,
        string? selector,
        CancellationToken cancellationToken
    )
    {
        var type = await cluster.FindResourceAsync(apiVersion, kind, cancellationToken);
        var query = new ListQuery { Namespace = ns, LabelSelector = selector };
        return (await cluster.ListAsync(type!, query, cancellationToken)).Items;
    }

    /// <returns>False when there is none.</returns>
    /// <exception cref="InstallationException">There is one, of somebody else.</exception>
    private async Task<bool> IsOursAsync(CancellationToken cancellationToken)
    {
        var found = await cluster.FindAsync(new("v1", "Namespace", null, _namespace), cancellationToken);
        return found is null ? false
            : found["metadata"]?["labels"]?["threeport.io/control-plane"]?.GetValue<string>() == name ? true
            : throw new InstallationException(
                $"to delete the namespace {_namespace}",
                "it is not this control plane's",
                "Look what it is: kubectl get namespace --show-labels"
            );
    }

    private async Task<string> NamespaceAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        if (await IsOursAsync(cancellationToken))
        {
            // That of the agent goes meanwhile.
            foreach (var one in await _agent.FindAsync(cluster, cancellationToken))
            {
                if (one.Kind == "Namespace")
                {
                    await cluster.DeleteAsync(one, Propagation.Background, uid: null, cancellationToken);
                }
            }

            await GoneAsync([new("v1", "Namespace", null, _namespace)], progress, cancellationToken);
        }

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
