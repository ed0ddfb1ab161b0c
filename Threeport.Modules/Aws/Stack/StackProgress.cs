using System.Globalization;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack;

/// <summary>How far a stack is, for people.</summary>
internal static class StackProgress
{
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(200);

    /// <summary><c>7/12 NodeGroup: creating, 3m10s</c>, after what is ready of all that is wanted; on the way down, what is left.</summary>
    public static string Of(IReadOnlyList<string> wanted, IReadOnlyList<StackResource> inventory, DateTimeOffset now)
    {
        var ready = wanted.Count(key => inventory.Any(r => r.Step == key && r.State is StackState.Ready));
        var count = wanted.Count > 0 ? $"{ready}/{wanted.Count}" : $"{inventory.Count} left";
        return Foremost(inventory) is { } resource ? $"{count} {Of(resource, now)}" : count;
    }

    /// <summary>What is waited for: what is in trouble, the worst first, else what takes longest.</summary>
    public static StackResource? Foremost(IReadOnlyList<StackResource> inventory) =>
        inventory
            .Where(static r => r.State is not StackState.Ready)
            .OrderBy(static r => r.Trouble is null ? int.MaxValue : StackTrouble.Rank(r.Trouble))
            .ThenBy(static r => r.State is StackState.Deleting ? 0 : 1)
            .ThenBy(static r => r.Since)
            .FirstOrDefault();

    /// <summary>How long until something is to be looked at.</summary>
    public static TimeSpan Next(IReadOnlyList<StackResource> inventory, DateTimeOffset now)
    {
        var next = inventory.Select(static r => r.LookAt).Min() ?? now;
        return next - now > Soonest ? next - now : Soonest;
    }

    public static string Elapsed(TimeSpan time) =>
        time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h{time.Minutes}m")
        : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m{time.Seconds}s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Seconds}s");

    private static string Of(StackResource resource, DateTimeOffset now)
    {
        var verb = resource.State switch
        {
            StackState.Deleting => "deleting",
            StackState.Failed => "failed",
            _ when resource.IsChanging => "updating",
            _ => "creating",
        };
        var detail = resource.Detail is null || resource.Detail == verb ? verb : $"{verb} ({resource.Detail})";
        return $"{resource.Step}: {detail}, {Elapsed(now - resource.Since)}";
    }
}
