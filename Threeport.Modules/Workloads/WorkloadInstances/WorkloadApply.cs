using System.Collections.Concurrent;
using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>Applies what a plan says, stage by stage; within a stage at once. Stops after a stage in which something failed.</summary>
internal sealed class WorkloadApply(ClusterClient cluster, Ownership ownership, WorkloadInstance instance)
{
    public const int MaximumAtOnce = 8;
    private static readonly TimeSpan EstablishedWithin = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<ObjectReference, string> _hashes = new();
    private readonly ConcurrentDictionary<string, bool> _newNamespaces = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ObjectFailure> _failures = new();

    /// <summary>What could not be applied.</summary>
    public IReadOnlyCollection<ObjectFailure> Failures => _failures;

    public async Task RunAsync(IReadOnlyList<DesiredObject> objects, CancellationToken cancellationToken)
    {
        foreach (var stage in objects.GroupBy(static o => o.Stage))
        {
            var options = new ParallelOptions
            {
                MaxDegreeOfParallelism = MaximumAtOnce,
                CancellationToken = cancellationToken,
            };
            await Parallel.ForEachAsync(stage, options, ApplyAsync);
            if (!_failures.IsEmpty)
            {
                return;
            }
        }
    }

    /// <returns>The inventory with the hashes of what was applied.</returns>
    public IReadOnlyList<AppliedObject> Noted(IReadOnlyList<AppliedObject> inventory) =>
        [.. inventory.Select(o => _hashes.TryGetValue(o.Reference(), out var hash) ? o with { FieldsHash = hash } : o)];

    private async ValueTask ApplyAsync(DesiredObject desired, CancellationToken cancellationToken)
    {
        try
        {
            if (await RefuseAsync(desired.Reference, cancellationToken) is { } refused)
            {
                _failures.Enqueue(refused);
                return;
            }

            var applied = await cluster.ApplyAsync(desired.Content, cancellationToken);
            if (applied.Created && desired.Stage is Stage.Namespaces)
            {
                _newNamespaces[desired.Reference.Name] = true;
            }

            if (desired.Stage is Stage.Definitions)
            {
                await EstablishedAsync(desired.Reference, cancellationToken);
            }

            _hashes[desired.Reference] = FieldsHash.Of(applied.Object) ?? "";
        }
        catch (KubernetesException exception)
        {
            _failures.Enqueue(ObjectFailure.Of(desired.Reference, exception));
        }
    }

    /// <summary>
    /// What is there already and is not this instance's is left alone. There is no need to look where the control plane knows
    /// that the object is its own, nor in a namespace that it has just made.
    /// </summary>
    private async ValueTask<ObjectFailure?> RefuseAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        var isOurs = instance.Status.Inventory.Any(o => o.FieldsHash is not null && o.Reference() == reference);
        if (isOurs || (reference.Namespace is { } ns && _newNamespaces.ContainsKey(ns)))
        {
            return null;
        }

        return await ownership.RefuseAsync(reference, cancellationToken);
    }

    /// <summary>The objects of a new type are refused until the cluster serves it.</summary>
    private async Task EstablishedAsync(ObjectReference definition, CancellationToken cancellationToken)
    {
        var type = await cluster.FindResourceAsync(definition.ApiVersion, definition.Kind, cancellationToken);
        var query = new ListQuery { FieldSelector = $"metadata.name={definition.Name}" };
        var list = await cluster.ListAsync(type!, query, cancellationToken);
        if (list.Items.Any(IsEstablished))
        {
            return;
        }

        await foreach (
            var change in cluster.WatchAsync(type!, query, list.ResourceVersion, EstablishedWithin, cancellationToken)
        )
        {
            if (IsEstablished(change.Object))
            {
                return;
            }
        }

        throw new KubernetesException(503, "NotEstablished", "the cluster does not serve the type yet");
    }

    private static bool IsEstablished(System.Text.Json.Nodes.JsonObject definition) =>
        (definition["status"]?["conditions"] as System.Text.Json.Nodes.JsonArray ?? []).Any(static c =>
            c?["type"]?.GetValue<string>() == "Established" && c["status"]?.GetValue<string>() == "True"
        );
}
