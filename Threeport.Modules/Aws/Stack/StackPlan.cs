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
        var standing = new StackStanding(wanted, inventory, now);
        return new()
        {
            Find = [.. inventory.Where(standing.IsSought)],
            Create = [.. wanted.Where(standing.CanBeMade)],
            Look = [.. inventory.Where(standing.IsOnItsWay)],
            Delete = [.. inventory.Where(standing.CanGo)],
        };
    }
}
