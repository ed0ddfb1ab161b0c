using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Outbox;
using Threeport.Server.Storage;
using Threeport.Server.Writing;

namespace Threeport.Server.Passes;

/// <summary>
/// What a pass writes: its status, under the fence of its lease, onto whatever the spec is by now. Without an outcome it is a
/// checkpoint; with one the pass ends and the lease goes.
/// </summary>
internal sealed class PassWrite(
    KindStore store,
    Resource resource,
    long epoch,
    PassOutcome? outcome,
    Caller caller,
    DateTimeOffset now
) : Operation
{
    /// <summary>A new pass is announced at once; should the broker lose that, it is due after this long.</summary>
    private static readonly TimeSpan AnnounceAgainAfter = TimeSpan.FromSeconds(60);

    public override IReadOnlyList<Target> Targets { get; } =
    [new(store, null, resource.Id) { NeedsOwned = outcome?.Remove is true }];

    public override void Decide(Changes changes)
    {
        var lease = changes.Snapshot.Lease(resource.Id);
        if (lease is null || lease.Owner is null || lease.Epoch != epoch || changes.HasEnded(resource.Id))
        {
            throw new PassLostException($"The lease of {store.Kind.Singular}/{resource.Name} is no longer ours.");
        }

        var current =
            changes.Find(store, resource.Id)
            ?? throw new PassLostException($"{store.Kind.Singular}/{resource.Name} is gone.");
        if (outcome is { Remove: true })
        {
            Removal.Stage(store, current, caller, now, changes);
            return;
        }

        var next = WithStatus(current);
        if (!Same(current, next))
        {
            next.Revision++;
            next.UpdatedAt = now;
            changes.Put(store, next);
            changes.Outbox.Add(OutboxRow.Of(store.Kind, next, work: false, OutboxRow.Put));
        }

        if (outcome is not null)
        {
            End(outcome, lease, next, changes);
        }
    }

    private void End(PassOutcome ended, LeaseRow lease, Resource next, Changes changes)
    {
        // What happened while the pass ran is not in what it saw: look again at once.
        var again =
            lease.Wanted
            || next.Generation != resource.Generation
            || (next.DeletionRequestedAt is not null && resource.DeletionRequestedAt is null);
        changes.Ended[resource.Id] = new(
            resource.Id,
            ended.ObservedGeneration,
            ended.Failed,
            again && !(ended.RequeueAfter < AnnounceAgainAfter) ? AnnounceAgainAfter : ended.RequeueAfter
        );
        if (again)
        {
            changes.Outbox.Add(OutboxRow.Of(store.Kind, next, work: true, change: null));
        }

        changes.Events.AddRange(ended.Events.Select(e => (resource.Id, e)));
    }

    private Resource WithStatus(Resource current)
    {
        var next = current.Copy();
        SpecProperties.SetStatus(next, SpecProperties.Status(resource));
        if (outcome is not null)
        {
            next.Conditions = Merge(current.Conditions, outcome.Conditions);
            next.ObservedGeneration = Math.Max(current.ObservedGeneration, outcome.ObservedGeneration);
        }

        return next;
    }

    /// <summary>By type; the time is when the status last changed, not when it was last said.</summary>
    private List<Condition> Merge(IReadOnlyList<Condition> old, IReadOnlyList<Condition> said)
    {
        var merged = old.Where(o => said.All(s => s.Type != o.Type)).ToList();
        foreach (var condition in said)
        {
            var before = old.FirstOrDefault(o => o.Type == condition.Type);
            merged.Add(condition with { Since = before?.Status == condition.Status ? before.Since : now });
        }

        merged.Sort(static (a, b) => string.CompareOrdinal(a.Type, b.Type));
        return merged;
    }

    private static bool Same(Resource a, Resource b) =>
        a.ObservedGeneration == b.ObservedGeneration
        && a.Conditions.SequenceEqual(b.Conditions)
        && SpecProperties.Status(a) is var status
        && SameJson.Are(status, SpecProperties.Status(b), status.GetType());
}
