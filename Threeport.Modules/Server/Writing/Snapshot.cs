using Threeport.Api;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>The lease and counters of a resource, as locked.</summary>
internal sealed record LeaseRow(long Epoch, string? Owner, bool Wanted);

/// <summary>What is in the database, of all that a batch touches; its rows are locked.</summary>
internal sealed class Snapshot
{
    private readonly Dictionary<(KindStore, string), Resource> _byName = [];
    private readonly Dictionary<Guid, (KindStore Store, Resource Resource)> _byId = [];
    private readonly Dictionary<Guid, LeaseRow> _leases = [];
    private readonly Dictionary<(KindStore, string), List<string>> _referrers = [];
    private readonly Dictionary<(KindStore, string), List<(KindStore Store, Resource Resource)>> _owned = [];
    private readonly Dictionary<(KindStore, string), string> _holders = [];

    /// <summary>The control plane was restored, and waits for a yes. Looked up where an operation needs it.</summary>
    public bool IsObserving { get; set; }

    public void Add(KindStore store, Resource resource)
    {
        _byName[(store, resource.Name)] = resource;
        _byId[resource.Id] = (store, resource);
    }

    public void AddLease(Guid id, LeaseRow lease) => _leases[id] = lease;

    public void AddReferrer(KindStore store, string name, string referrer) =>
        Of(_referrers, (store, name)).Add(referrer);

    public void AddOwned(KindStore store, string name, KindStore ownedStore, Resource owned) =>
        Of(_owned, (store, name)).Add((ownedStore, owned));

    public void AddHolder(KindStore store, string flag, string name) => _holders[(store, flag)] = name;

    public Resource? Find(KindStore store, string name) => _byName.GetValueOrDefault((store, name));

    public Resource? Find(Guid id) => _byId.TryGetValue(id, out var found) ? found.Resource : null;

    public LeaseRow? Lease(Guid id) => _leases.GetValueOrDefault(id);

    /// <returns><c>kind/name</c> of those that refer to the resource and do not belong to it.</returns>
    public IReadOnlyList<string> Referrers(KindStore store, string name) =>
        _referrers.GetValueOrDefault((store, name)) ?? [];

    public IReadOnlyList<(KindStore Store, Resource Resource)> Owned(KindStore store, string name) =>
        _owned.GetValueOrDefault((store, name)) ?? [];

    /// <returns>The name of the resource that has the flag set, or null.</returns>
    public string? Holder(KindStore store, string flag) => _holders.GetValueOrDefault((store, flag));

    private static List<TItem> Of<TKey, TItem>(Dictionary<TKey, List<TItem>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        return list;
    }
}
