using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>What is in the cluster already, and whose: an instance touches only what is its own.</summary>
internal sealed class Ownership(ClusterClient cluster, Guid instance)
{
    private readonly HashSet<string> _absent = new(StringComparer.Ordinal);

    /// <summary>
    /// Looks at each namespace that is not made for the instance: those of other instances are theirs alone. To be asked before
    /// anything is applied.
    /// </summary>
    /// <returns>For each namespace of somebody else the first object that may not go there.</returns>
    public async Task<IReadOnlyList<ObjectFailure>> RefuseAsync(
        DesiredState desired,
        IReadOnlyList<DesiredObject> objects,
        CancellationToken cancellationToken
    )
    {
        var refused = new List<ObjectFailure>();
        foreach (var there in objects.Select(static o => o.Reference).GroupBy(Namespaces.Touched))
        {
            if (there.Key is not { } ns || (desired.ManagesNamespace && ns == desired.Namespace))
            {
                continue;
            }

            var (exists, owner) = await OwnerAsync(new("v1", "Namespace", null, ns), cancellationToken);
            if (!exists)
            {
                _absent.Add(ns);
            }
            else if (owner is not null && owner != instance.ToString("D"))
            {
                // The first stands for all that were to go there.
                refused.Add(
                    new(there.First(), "Conflict", Foreign(there.First(), await NameAsync(owner, cancellationToken)))
                );
            }
        }

        // What the manifest itself makes comes first, and is looked at when it is made.
        _absent.ExceptWith(desired.Objects.Where(IsNamespace).Select(static o => o.Reference.Name));
        return refused;
    }

    /// <summary>What is there already and is not the instance's is left alone.</summary>
    /// <returns>Why the object may not be applied, or null.</returns>
    public async ValueTask<ObjectFailure?> RefuseAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        if (reference.Namespace is { } ns && _absent.Contains(ns))
        {
            // It may be there by now, and somebody else's: the next pass looks.
            return new(reference, "ApplyFailed", $"{reference}: there is no such namespace.");
        }

        var (exists, owner) = await OwnerAsync(reference, cancellationToken);
        if (!exists || owner == instance.ToString("D"))
        {
            return null;
        }

        return owner is null
            ? new(
                reference,
                "AlreadyExists",
                $"{reference} is there already and was not made by Threeport; delete it, or name yours otherwise."
            )
            : new(
                reference,
                "Conflict",
                $"{reference} belongs to workload-instance {await NameAsync(owner, cancellationToken)}."
            );
    }

    private static bool IsNamespace(DesiredObject desired) => desired.Stage is Stage.Namespaces;

    private static string Foreign(ObjectReference reference, string owner) =>
        reference.Namespace is null
            ? $"{reference} belongs to workload-instance {owner}."
            : $"{reference} may not go there: the namespace belongs to workload-instance {owner}.";

    private async Task<(bool Exists, string? Owner)> OwnerAsync(
        ObjectReference reference,
        CancellationToken cancellationToken
    ) =>
        await cluster.FindAsync(reference, cancellationToken, metadataOnly: true) is { } there
            ? (true, WorkloadLabels.OwnerOf(there))
            : (false, null);

    private async Task<string> NameAsync(string owner, CancellationToken cancellationToken) =>
        await cluster.FindAsync(ThreeportWorkloads.Reference(owner), cancellationToken) is { } workload
        && workload["spec"]?["workloadInstance"]?.GetValue<string>() is { } name
            ? name
            : owner;
}
