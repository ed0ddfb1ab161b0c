using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>
/// The API layer as a controller sees it. Two transports: in process, and HTTPS for replicas that have no database. A pass
/// is named by the resource's id and the epoch of its lease.
/// </summary>
public interface IPasses
{
    /// <summary>Takes the resource's lease for <see cref="Leases.Duration"/> and reads it, in one round trip.</summary>
    /// <param name="id">The resource.</param>
    /// <param name="owner">The pass, and before it the process (<see cref="Node.OwnerOf"/>): it may ask again when no answer came, and is given the same.</param>
    /// <param name="cancellationToken">Of the pass.</param>
    /// <returns>
    /// Null when there is nothing to do here: the resource is gone, or another pass holds the lease (it is then noted, and
    /// whoever holds it is followed by a new pass).
    /// </returns>
    Task<BegunPass<T>?> BeginAsync<T>(Guid id, string owner, CancellationToken cancellationToken)
        where T : Resource, IKind;

    /// <summary>Extends the lease by <see cref="Leases.Duration"/>.</summary>
    /// <returns>False when it is no longer ours.</returns>
    Task<bool> RenewAsync<T>(Guid id, long epoch, CancellationToken cancellationToken)
        where T : Resource, IKind;

    /// <summary>Stores the status, and nothing else, under the fence.</summary>
    /// <exception cref="PassLostException">The lease is no longer ours.</exception>
    Task CheckpointAsync<T>(T resource, long epoch, CancellationToken cancellationToken)
        where T : Resource, IKind;

    /// <summary>
    /// Ends the pass in one write: status, conditions, observed generation, events, requeue, and the lease's release. If the
    /// spec moved meanwhile, or another pass was asked for, a new notification goes out with it.
    /// </summary>
    /// <exception cref="PassLostException">The lease is no longer ours; nothing was written.</exception>
    Task EndAsync<T>(T resource, long epoch, PassOutcome outcome, CancellationToken cancellationToken)
        where T : Resource, IKind;
}

/// <summary>A pass that began.</summary>
/// <param name="Resource">As it is now, sensitive fields included.</param>
/// <param name="Epoch">The fence.</param>
/// <param name="Failures">How many passes before this one failed in a row.</param>
/// <param name="Afresh">See <see cref="Pass{T}.IsAfresh"/>.</param>
public sealed record BegunPass<T>(T Resource, long Epoch, int Failures, bool Afresh = false)
    where T : Resource, IKind;

/// <summary>What a pass concluded.</summary>
public sealed record PassOutcome
{
    /// <summary>The generation that was acted on; 0 leaves the observed generation as it is (a pass that failed).</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Ready and whatever else was said; merged by type, <c>Since</c> is kept where the status is the same.</summary>
    public required IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>What happened.</summary>
    public IReadOnlyList<ResourceEventRecord> Events { get; init; } = [];

    /// <summary>Look again after this long.</summary>
    public TimeSpan? RequeueAfter { get; init; }

    /// <summary>The pass threw: failures in a row rise by one, and <see cref="RequeueAfter"/> is the backoff.</summary>
    public bool Failed { get; init; }

    /// <summary>The finaliser is through: remove the resource.</summary>
    public bool Remove { get; init; }
}

/// <summary>The lease that a pass runs under.</summary>
public static class Leases
{
    /// <summary>How long it holds without renewal, on the database's clock.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    /// <summary>How often a running pass renews it.</summary>
    public static readonly TimeSpan RenewEvery = Duration / 3;

    /// <summary>When a pass stops itself, by its own monotonic clock, if no renewal went through.</summary>
    public static readonly TimeSpan StopAfter = Duration * 2 / 3;
}
