using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>One run of a reconciler over one resource, under that resource's lease.</summary>
public sealed class Pass<T>
    where T : Resource, IKind
{
    private readonly Func<T, CancellationToken, Task> _checkpoint;
    private readonly List<ResourceEventRecord> _events = [];

    /// <param name="resource">As it was when the lease was taken.</param>
    /// <param name="epoch">The fence; it rises each time the lease changes hands.</param>
    /// <param name="checkpoint">Stores the status.</param>
    public Pass(T resource, long epoch, Func<T, CancellationToken, Task> checkpoint)
    {
        Resource = resource;
        Epoch = epoch;
        _checkpoint = checkpoint;
    }

    /// <summary>The resource as it was when the pass began; the pass may change its status.</summary>
    public T Resource { get; }

    /// <summary>The fence: part of every write of this pass, and of idempotency tokens given to the outside.</summary>
    public long Epoch { get; }

    /// <summary>
    /// The control plane was restored from a backup and no pass has ended since: what the status says of the outside is as old as the backup,
    /// and what is there may be newer. A reconciler that leaves alone what it knows to be done does it all again.
    /// </summary>
    public bool IsAfresh { get; init; }

    /// <summary>Conditions to set beside Ready, by type; those not set in a pass stay as they are.</summary>
    public Dictionary<string, Condition> Conditions { get; } = new(StringComparer.Ordinal);

    /// <summary>What <see cref="Record"/> was told.</summary>
    public IReadOnlyList<ResourceEventRecord> Events => _events;

    /// <summary>
    /// Stores the status now, before something outside is done that it must remember: an inventory before it is applied, an
    /// identifier before it is waited for.
    /// </summary>
    /// <exception cref="PassLostException">Another replica has taken over; stop.</exception>
    public Task CheckpointAsync(CancellationToken cancellationToken) => _checkpoint(Resource, cancellationToken);

    /// <summary>Says that something happened; stored with the pass.</summary>
    public void Record(EventType type, string reason, string message) => _events.Add(new(type, reason, message));
}

/// <summary>The lease went to another replica, or the resource is gone: nothing this pass does may count any more.</summary>
public sealed class PassLostException(string message) : Exception(message);
