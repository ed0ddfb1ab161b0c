using System.Diagnostics;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>Which resource an operation reads or writes: by name, or by id.</summary>
internal sealed record Target(KindStore Store, string? Name, Guid Id = default)
{
    /// <summary>The resource is to be deleted, so who refers to it must be known.</summary>
    public bool NeedsReferrers { get; init; }

    /// <summary>The resource goes now, so what it owns must be known.</summary>
    public bool NeedsOwned { get; init; }
}

/// <summary>
/// One thing to do in a transaction of the writer. It names what it touches; the writer locks and loads all of that for a
/// whole batch, then asks it to decide.
/// </summary>
internal abstract class Operation
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What must be loaded and locked before it can decide.</summary>
    public abstract IReadOnlyList<Target> Targets { get; }

    /// <summary>Fields that at most one resource may have set, which it wants to set: the holder is looked up.</summary>
    public virtual IReadOnlyList<(KindStore Store, string Flag)> Flags => [];

    /// <summary>It is not to be stored while the control plane only observes: whether it does is looked up.</summary>
    public virtual bool NeedsMode => false;

    /// <summary>What asked for it: notifications of its changes carry on its trace.</summary>
    public Activity? Activity { get; } = Activity.Current;

    /// <summary>Set when whoever asked does not wait any more; honoured until the transaction begins.</summary>
    public CancellationToken Cancelled { get; init; }

    /// <summary>
    /// Decides from what is there, and stages changes. Pure: it may be asked again, with what is there by then. A refusal is
    /// thrown, and leaves nothing staged.
    /// </summary>
    public abstract void Decide(Changes changes);

    /// <summary>Returns when the decision is in the database.</summary>
    /// <exception cref="Exception">Why it is not, or that it is no longer waited for: it may be stored then.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await using var cut = cancellationToken.UnsafeRegister(
            static (operation, token) => ((Operation)operation!).Fail(new OperationCanceledException(token)),
            this
        );
        await _done.Task;
    }

    public void Complete() => _done.TrySetResult();

    public void Fail(Exception exception) => _done.TrySetException(exception);
}
