using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack;

/// <summary>What was made.</summary>
internal sealed record Made(string Id, string? Arn = null);

/// <summary>What a look at one thing found.</summary>
internal enum Sight
{
    /// <summary>It is as it should be.</summary>
    Ready,

    /// <summary>It is getting there.</summary>
    Busy,

    /// <summary>It will not get there.</summary>
    Failed,

    /// <summary>It is not there.</summary>
    Missing,
}

/// <param name="Sight">What was found.</param>
/// <param name="Detail">More of it, in a few words.</param>
/// <param name="Trouble">What stands in its way, of <see cref="StackTrouble"/>; null when nothing does but time.</param>
internal sealed record Look(Sight Sight, string? Detail = null, string? Trouble = null)
{
    public static Look Ready { get; } = new(Sight.Ready);

    public static Look Missing { get; } = new(Sight.Missing);

    public static Look Busy(string detail) => new(Sight.Busy, detail);

    /// <summary>It will get there once somebody else does something.</summary>
    public static Look Held(string trouble, string detail) => new(Sight.Busy, detail, trouble);

    public static Look Failed(string detail) => new(Sight.Failed, detail);
}

/// <summary>
/// One thing that a cluster consists of: how it is made, found again, seen to be ready, and taken down. None of it waits, all of it may be done
/// again, and all failures are exceptions of the SDK.
/// </summary>
internal abstract class StackStep
{
    /// <summary>What it is, in the words of the provider.</summary>
    public abstract string Type { get; }

    /// <summary>
    /// Making it twice makes one: AWS knows the call by a token, or the thing by its name. Else what may have been made is waited for before
    /// it is made again.
    /// </summary>
    public virtual bool IsRepeatable => false;

    /// <summary>AWS takes its time with it: it is not looked at as soon as it is made.</summary>
    public virtual bool TakesTime => false;

    /// <summary>What it is to be, where that can change once it is there.</summary>
    public virtual IReadOnlyDictionary<string, string> Settings(StackContext context) =>
        new Dictionary<string, string>();

    /// <summary>Makes it, with its tags.</summary>
    public abstract Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    );

    /// <summary>Looks for what this step made for this owner.</summary>
    public abstract Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    );

    /// <summary>Sets up what belongs to it, puts right what is not as it should be, and says whether it is ready.</summary>
    public virtual Task<Look> LookAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    ) => Task.FromResult(Look.Ready);

    /// <summary>Begins to take it down, or, when that has begun, looks whether it is gone.</summary>
    /// <returns>True when it is gone.</returns>
    public abstract Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    );
}

/// <summary>Something is there under the name that we need, and it is not ours.</summary>
internal sealed class NotOursException(string message) : Exception(message);

/// <summary>AWS says that it is there already, and does not show it yet.</summary>
internal sealed class NotSeenYetException() : Exception("It is there, says AWS, and cannot be seen yet.");
