using Threeport.Api;
using Threeport.Server.Outbox;
using Threeport.Server.Resources;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>How a resource was before the transaction, and how it is to be after it.</summary>
internal sealed record Staged(KindStore Store, Resource? Before, Resource? After)
{
    /// <summary>The document goes; one of the same name may come in its place.</summary>
    public bool Removes => Before is not null && After?.Id != Before.Id;

    /// <summary>The document is new.</summary>
    public bool Inserts => After is not null && After.Id != Before?.Id;

    /// <summary>The document is changed.</summary>
    public bool Updates => Before is not null && After?.Id == Before.Id && After.Revision != Before.Revision;

    /// <summary>Its controller's state follows: the generation has risen, or it is to be deleted.</summary>
    public bool MovesState =>
        Store.Kind.IsReconciled
        && After is not null
        && (
            Inserts
            || Before!.Generation != After.Generation
            || (Before.DeletionRequestedAt is null) != (After.DeletionRequestedAt is null)
        );
}

/// <summary>How a pass leaves the reconcile state of its resource.</summary>
internal sealed record StateEnd(Guid Id, long ObservedGeneration, bool Failed, TimeSpan? RequeueAfter);

/// <summary>
/// What the operations of a batch have decided so far, over what was loaded. Operations stage into a layer of their own, which
/// joins the batch only when they are through: one that is refused leaves nothing.
/// </summary>
internal sealed class Changes(Snapshot snapshot, Changes? below = null)
{
    private readonly Dictionary<(KindStore, string), Staged> _staged = [];

    public Dictionary<Guid, StateEnd> Ended { get; } = [];

    public List<HistoryRow> History { get; } = [];

    public List<OutboxRow> Outbox { get; } = [];

    public List<(Guid ResourceId, ResourceEventRecord Event)> Events { get; } = [];

    public IReadOnlyCollection<Staged> Staged => _staged.Values;

    public Snapshot Snapshot => snapshot;

    /// <returns>The resource as it is with everything staged so far.</returns>
    public Resource? Find(KindStore store, string name) =>
        _staged.TryGetValue((store, name), out var staged) ? staged.After
        : below is not null ? below.Find(store, name)
        : snapshot.Find(store, name);

    public Resource? Find(KindStore store, Guid id) =>
        snapshot.Find(id) is { } loaded && Find(store, loaded.Name) is { } now && now.Id == id ? now : null;

    /// <summary>Whether another operation of the batch has already ended the pass of this resource.</summary>
    public bool HasEnded(Guid id) => Ended.ContainsKey(id) || below?.HasEnded(id) is true;

    /// <summary>All that is staged and not removed, of a kind.</summary>
    public IEnumerable<Resource> StagedOf(KindStore store) =>
        Visible()
            .Select(static s => s.Value)
            .Where(s => s.Store == store)
            .Select(static s => s.After)
            .OfType<Resource>();

    public void Put(KindStore store, Resource resource) => Stage(store, resource.Name, resource);

    public void Remove(KindStore store, Resource resource) => Stage(store, resource.Name, null);

    /// <summary>Takes over what a layer above has staged.</summary>
    public void Join(Changes above)
    {
        foreach (var (key, staged) in above._staged)
        {
            Stage(key.Item1, key.Item2, staged.After);
        }

        foreach (var (id, end) in above.Ended)
        {
            Ended[id] = end;
        }

        History.AddRange(above.History);
        Outbox.AddRange(above.Outbox);
        Events.AddRange(above.Events);
    }

    /// <summary>What this layer says of a resource hides what those below say.</summary>
    private IEnumerable<KeyValuePair<(KindStore, string), Staged>> Visible() =>
        below is null ? _staged : _staged.Concat(below.Visible().Where(s => !_staged.ContainsKey(s.Key)));

    private void Stage(KindStore store, string name, Resource? after)
    {
        var before = _staged.TryGetValue((store, name), out var staged) ? staged.Before : snapshot.Find(store, name);
        _staged[(store, name)] = new(store, before, after);
    }
}
