using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Outbox;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>The end of a resource, and of what belongs to it.</summary>
internal static class Removal
{
    public static void Stage(KindStore store, Resource resource, Caller caller, DateTimeOffset now, Changes changes)
    {
        foreach (var (ownedStore, owned) in changes.Snapshot.Owned(store, resource.Name))
        {
            if (changes.Find(ownedStore, owned.Name) is { } present)
            {
                Stage(ownedStore, present, caller, now, changes);
            }
        }

        changes.Remove(store, resource);
        changes.Outbox.Add(OutboxRow.Of(store.Kind, resource, work: false, OutboxRow.Deleted));
        if (store.Kind.KeepsHistory)
        {
            changes.History.Add(HistoryDiff.Row(store.Kind, resource, resource, "remove", caller, now));
        }
    }
}
