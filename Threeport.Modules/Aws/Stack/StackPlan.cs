using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack;

/// <summary>What can be done now, all at once: from what is wanted, what is recorded, and what time it is. Decides, touches nothing.</summary>
internal sealed record StackPlan
{
    /// <summary>Perhaps made: to be looked for before anything else is done with it.</summary>
    public required IReadOnlyList<StackResource> Find { get; init; }

    /// <summary>Not there, and nothing in the way.</summary>
    public required IReadOnlyList<string> Create { get; init; }

    /// <summary>On its way: is it there yet?</summary>
    public required IReadOnlyList<StackResource> Look { get; init; }

    /// <summary>Not wanted, or failed, and needed by nothing that is there.</summary>
    public required IReadOnlyList<StackResource> Delete { get; init; }

    public bool IsEmpty => Find.Count + Create.Count + Look.Count + Delete.Count == 0;

    /// <param name="wanted">What is wanted, in the order of what needs what; nothing at the end of a cluster.</param>
    /// <param name="inventory">What is recorded.</param>
    /// <param name="now">What is not due yet is left.</param>
    public static StackPlan For(
        IReadOnlyList<string> wanted,
        IReadOnlyList<StackResource> inventory,
        DateTimeOffset now
    )
    {
        var byStep = inventory.ToDictionary(static r => r.Step, StringComparer.Ordinal);
        var due = inventory.Where(r => r.LookAt is null || r.LookAt <= now).ToList();
        return new()
        {
            Find = [.. due.Where(static r => r.State is StackState.Intended)],
            Create = [.. wanted.Where(key => IsAbsent(key) && IsReady(key))],
            Look = [.. due.Where(r => r.State is StackState.Making && wanted.Contains(r.Step))],
            Delete = [.. due.Where(r => Goes(r) && !inventory.Any(other => Holds(other, r)))],
        };

        // What stays needs, of several of a type, those that stay.
        bool Holds(StackResource other, StackResource resource) =>
            other.Step != resource.Step
            && StackKey.Needs(other.Step, resource.Step)
            && (wanted.Contains(resource.Step) || !wanted.Contains(other.Step));

        bool IsAbsent(string key) =>
            byStep.GetValueOrDefault(key) is not { } there || (IsNotMade(there) && due.Contains(there));

        bool IsReady(string key) =>
            wanted
                .Where(other => other != key && StackKey.Needs(key, other))
                .All(other => byStep.GetValueOrDefault(other)?.State is StackState.Ready);

        bool Goes(StackResource resource) =>
            resource.State switch
            {
                StackState.Intended => false,
                StackState.Deleting => true,
                _ when wanted.Count == 0 => true,
                StackState.Failed when wanted.Contains(resource.Step) => !IsNotMade(resource),
                _ => !wanted.Contains(resource.Step) && IsReplaced(),
            };

        // What takes the place of others has to be there first; what no cluster runs on yet can go at once.
        bool IsReplaced() =>
            byStep.GetValueOrDefault(StackKey.Cluster)?.Id is null
            || wanted.All(key => byStep.GetValueOrDefault(key)?.State is StackState.Ready);
    }

    /// <summary>AWS refused to make it: there is nothing to take down before it is asked for again.</summary>
    private static bool IsNotMade(StackResource resource) => resource is { State: StackState.Failed, Id: null };
}
