using Threeport.Kubernetes;
using Threeport.Modules.Workloads.WorkloadObservations;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>An object that is not as it was applied.</summary>
/// <param name="Object">Which.</param>
/// <param name="How"><c>Changed</c> or <c>Deleted</c>.</param>
internal sealed record Drift(ObjectReference Object, string How)
{
    public override string ToString() => $"{Object} was {How.ToLowerInvariant()}";
}

/// <summary>What to apply and what to remove. Decides, touches nothing.</summary>
/// <param name="Apply">In the order of their stages.</param>
/// <param name="Remove">In the reverse order.</param>
/// <param name="Inventory">To be stored before anything is applied: everything that was, or is about to be, there.</param>
internal sealed record WorkloadPlan(
    IReadOnlyList<DesiredObject> Apply,
    IReadOnlyList<AppliedObject> Remove,
    IReadOnlyList<AppliedObject> Inventory
)
{
    /// <summary>Whether the cluster need not be asked at all, as far as the control plane knows.</summary>
    public static bool IsSettled(WorkloadInstance instance, long generation, IReadOnlyList<Drift> drifts) =>
        instance.Status.AppliedGeneration == generation
        && instance.Status.Inventory.All(static o => o is { Removing: false, FieldsHash: not null })
        && (drifts.Count == 0 || !Repairs(instance));

    /// <param name="desired">What shall be there.</param>
    /// <param name="instance">With its inventory.</param>
    /// <param name="generation">Of the definition that <paramref name="desired"/> comes from.</param>
    /// <param name="drifts">What the agent saw.</param>
    public static WorkloadPlan For(
        DesiredState desired,
        WorkloadInstance instance,
        long generation,
        IReadOnlyList<Drift> drifts
    )
    {
        var known = instance.Status.Inventory.ToDictionary(static o => o.Reference());
        var wanted = desired.Objects.Select(static o => o.Reference).ToHashSet();
        var drifted = Repairs(instance) ? drifts.ToDictionary(static d => d.Object, static d => d.How) : [];
        var all = instance.Status.AppliedGeneration != generation;
        var apply = desired.Objects.Where(o => all || IsOpen(known, o.Reference) || NeedsRepair(o));
        var remove = instance
            .Status.Inventory.Where(o => !wanted.Contains(o.Reference()))
            .Select(static o => o with { Removing = true })
            .OrderByDescending(static o => Stages.Of(o.ApiVersion, o.Kind))
            .ToList();
        var keep = desired.Objects.Select(o =>
            known.TryGetValue(o.Reference, out var entry)
                ? entry with
                {
                    Removing = false,
                }
                : AppliedObjects.New(o.Reference)
        );
        return new([.. apply], remove, [.. keep, .. remove]);

        bool NeedsRepair(DesiredObject o) =>
            drifted.TryGetValue(o.Reference, out var how) && !(o.GoesByItself && how == "Deleted");
    }

    /// <returns>What the agent saw that is not as it was applied last.</returns>
    public static IReadOnlyList<Drift> Drifts(WorkloadInstance instance, WorkloadObservation? observation)
    {
        if (observation is null)
        {
            return [];
        }

        var known = instance.Status.Inventory.Where(static o => !o.Removing).ToDictionary(static o => o.Reference());
        return
        [
            .. observation
                .Spec.Objects.Where(o => o.Drift is not null && IsNews(known.GetValueOrDefault(o.Reference()), o))
                .Select(static o => new Drift(o.Reference(), o.Drift!))
                .DistinctBy(static d => d.Object),
        ];
    }

    /// <summary>What was seen before the last apply tells nothing of what came after it.</summary>
    private static bool IsNews(AppliedObject? known, ObservedObject seen) =>
        known?.FieldsHash is { } hash && (seen.FieldsHash is null || seen.FieldsHash != hash);

    private static bool IsOpen(Dictionary<ObjectReference, AppliedObject> known, ObjectReference reference) =>
        known.GetValueOrDefault(reference) is not { FieldsHash: not null, Removing: false };

    private static bool Repairs(WorkloadInstance instance) => instance.Spec.DriftPolicy != DriftPolicies.Report;
}

/// <summary>What is done about changes made by hand.</summary>
internal static class DriftPolicies
{
    public const string Repair = "Repair";
    public const string Report = "Report";
}

internal static class AppliedObjects
{
    public static ObjectReference Reference(this AppliedObject o) => new(o.ApiVersion, o.Kind, o.Namespace, o.Name);

    public static ObjectReference Reference(this ObservedObject o) => new(o.ApiVersion, o.Kind, o.Namespace, o.Name);

    public static AppliedObject New(ObjectReference reference) =>
        new()
        {
            ApiVersion = reference.ApiVersion,
            Kind = reference.Kind,
            Namespace = reference.Namespace,
            Name = reference.Name,
        };
}
