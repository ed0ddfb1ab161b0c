using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack;

/// <summary>How each part stands to the others, of which a <see cref="StackPlan"/> is made.</summary>
/// <param name="wanted">What is wanted, in the order of what needs what; nothing at the end of a cluster.</param>
/// <param name="inventory">What is recorded.</param>
/// <param name="now">What is not due yet is left.</param>
internal sealed class StackStanding(
    IReadOnlyList<string> wanted,
    IReadOnlyList<StackResource> inventory,
    DateTimeOffset now
)
{
    private readonly Dictionary<string, StackResource> _byStep = inventory.ToDictionary(
        static r => r.Step,
        StringComparer.Ordinal
    );

    public bool IsSought(StackResource resource) => IsDue(resource) && resource.State is StackState.Intended;

    public bool CanBeMade(string key) => IsAbsent(key) && HasItsNeeds(key);

    public bool IsOnItsWay(StackResource resource) =>
        IsDue(resource) && resource.State is StackState.Making && wanted.Contains(resource.Step);

    public bool CanGo(StackResource resource) =>
        IsDue(resource) && Goes(resource) && !inventory.Any(other => Holds(other, resource));

    private bool IsDue(StackResource resource) => resource.LookAt is null || resource.LookAt <= now;

    private bool IsAbsent(string key) =>
        _byStep.GetValueOrDefault(key) is not { } there || (IsNotMade(there) && IsDue(there));

    private bool HasItsNeeds(string key) =>
        wanted.Where(other => other != key && StackKey.Needs(key, other)).All(IsReady);

    private bool IsReady(string key) => _byStep.GetValueOrDefault(key)?.State is StackState.Ready;

    private bool Goes(StackResource resource) =>
        resource.State switch
        {
            StackState.Intended => false,
            StackState.Deleting => true,
            _ when wanted.Count == 0 => true,
            StackState.Failed when wanted.Contains(resource.Step) => !IsNotMade(resource),
            _ => !wanted.Contains(resource.Step) && IsReplaced(),
        };

    /// <summary>What takes the place of others has to be there first; what no cluster runs on yet can go at once.</summary>
    private bool IsReplaced() => _byStep.GetValueOrDefault(StackKey.Cluster)?.Id is null || wanted.All(IsReady);

    /// <summary>What stays needs, of several of a type, those that stay.</summary>
    private bool Holds(StackResource other, StackResource resource) =>
        other.Step != resource.Step
        && StackKey.Needs(other.Step, resource.Step)
        && (wanted.Contains(resource.Step) || !wanted.Contains(other.Step));

    /// <summary>AWS refused to make it: there is nothing to take down before it is asked for again.</summary>
    private static bool IsNotMade(StackResource resource) => resource is { State: StackState.Failed, Id: null };
}
