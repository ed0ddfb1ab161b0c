using System.Security.Cryptography;
using System.Text;
using Marten;
using Threeport.Api;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>Turns what a batch decided into statements of one Marten session.</summary>
internal sealed class Persister(TimeProvider time)
{
    public void Queue(IDocumentSession session, Changes changes)
    {
        foreach (var (store, before, after) in changes.Staged)
        {
            if (before is null)
            {
                if (after is not null)
                {
                    // Marten starts at 1, also for what was written twice before it was stored.
                    after.Revision = 1;
                    store.Insert(session, after);
                }
            }
            else if (after is null)
            {
                store.Delete(session, before);
            }
            else if (after.Id != before.Id)
            {
                // Deleted and made anew within the batch.
                after.Revision = 1;
                store.Delete(session, before);
                store.Insert(session, after);
            }
            else if (after.Revision != before.Revision)
            {
                store.Update(session, after);
            }
        }

        if (changes.History.Count > 0)
        {
            session.Insert(changes.History.ToArray());
        }

        QueueOutbox(session, changes);
        QueueState(session, changes);
        QueueEnds(session, [.. changes.Ended.Values]);
        QueueEvents(session, changes);
    }

    private static void QueueOutbox(IDocumentSession session, Changes changes)
    {
        var rows = changes.Outbox;
        if (rows.Count == 0)
        {
            return;
        }

        session.QueueSqlCommand(
            $"""
            insert into {Tables.Outbox} (id, kind, resource_id, name, generation, revision, work, change, trace)
            select * from unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::bigint[], ?::bigint[], ?::boolean[], ?::text[], ?::text[])
            """,
            rows.Select(static r => r.Id).ToArray(),
            rows.Select(static r => r.Kind).ToArray(),
            rows.Select(static r => r.ResourceId).ToArray(),
            rows.Select(static r => r.Name).ToArray(),
            rows.Select(static r => r.Generation).ToArray(),
            rows.Select(static r => r.Revision).ToArray(),
            rows.Select(static r => r.Work).ToArray(),
            rows.Select(static r => r.Change).ToArray(),
            rows.Select(static r => r.Trace).ToArray()
        );
    }

    /// <summary>The generation and whether it is being deleted, for the resync; a row for each new resource.</summary>
    private static void QueueState(IDocumentSession session, Changes changes)
    {
        var reconciled = changes.Staged.Where(static s => s.Store.Kind.IsReconciled).ToList();
        var moved = reconciled
            .Where(static s => s.After is not null && !SameState(s.Before, s.After))
            .Select(static s => (s.Store.Kind.Plural, After: s.After!))
            .ToList();
        if (moved.Count > 0)
        {
            session.QueueSqlCommand(
                $"""
                insert into {Tables.ReconcileState} as s (id, kind, name, generation, deleting)
                select * from unnest(?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::boolean[])
                on conflict (id) do update set generation = excluded.generation, deleting = excluded.deleting
                """,
                moved.Select(static m => m.After.Id).ToArray(),
                moved.Select(static m => m.Plural).ToArray(),
                moved.Select(static m => m.After.Name).ToArray(),
                moved.Select(static m => m.After.Generation).ToArray(),
                moved.Select(static m => m.After.DeletionRequestedAt is not null).ToArray()
            );
        }

        var gone = changes
            .Staged.Where(static s => s.Before is not null && s.After?.Id != s.Before.Id)
            .Select(static s => s.Before!.Id)
            .ToArray();
        if (gone.Length > 0)
        {
            session.QueueSqlCommand($"delete from {Tables.ReconcileState} where id = any(?::uuid[])", gone);
            session.QueueSqlCommand($"delete from {Tables.Events} where resource_id = any(?::uuid[])", gone);
        }
    }

    private static void QueueEnds(IDocumentSession session, StateEnd[] ends)
    {
        if (ends.Length == 0)
        {
            return;
        }

        session.QueueSqlCommand(
            $"""
            update {Tables.ReconcileState} s set owner = null, expires_at = null, wanted = false,
                observed_generation = case when v.observed > 0 then v.observed else s.observed_generation end,
                failures = case when v.failed then s.failures + 1 else 0 end,
                requeue_at = clock_timestamp() + v.delay
            from unnest(?::uuid[], ?::bigint[], ?::boolean[], ?::interval[]) as v (id, observed, failed, delay)
            where s.id = v.id
            """,
            ends.Select(static e => e.Id).ToArray(),
            ends.Select(static e => e.ObservedGeneration).ToArray(),
            ends.Select(static e => e.Failed).ToArray(),
            ends.Select(static e => e.RequeueAfter).ToArray()
        );
    }

    private void QueueEvents(IDocumentSession session, Changes changes)
    {
        // One statement may touch a row once: what happened twice within the batch is counted before.
        var events = changes
            .Events.GroupBy(static e => (e.ResourceId, Key: Convert.ToHexString(KeyOf(e.Event))))
            .Select(static g => (g.Key.ResourceId, Last: g.Last().Event, Times: g.Count()))
            .ToList();
        if (events.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        session.QueueSqlCommand(
            $"""
            with v as (select * from unnest(?::uuid[], ?::bytea[], ?::text[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::integer[], ?::timestamptz[])
                as t (id, key, type, reason, message, source, total, times, seen)),
            known as (
                update {Tables.Events} e set last_seen = greatest(e.last_seen, v.seen),
                    count = case when v.total is null then e.count + v.times else greatest(e.count, v.total) end
                from v where e.resource_id = v.id and e.key = v.key returning e.resource_id, e.key)
            insert into {Tables.Events} (resource_id, key, type, reason, message, source, count, first_seen, last_seen)
            select id, key, type, reason, message, source, coalesce(total, times), seen, seen from v
            where not exists (select from known k where k.resource_id = v.id and k.key = v.key)
            on conflict (resource_id, key) do nothing
            """,
            events.Select(static e => e.ResourceId).ToArray(),
            events.Select(static e => KeyOf(e.Last)).ToArray(),
            events.Select(static e => e.Last.Type.ToString()).ToArray(),
            events.Select(static e => e.Last.Reason).ToArray(),
            events.Select(static e => e.Last.Message).ToArray(),
            events.Select(static e => e.Last.Source).ToArray(),
            events.Select(static e => e.Last.Count).ToArray(),
            events.Select(static e => e.Times).ToArray(),
            events.Select(e => (e.Last.LastSeen ?? now).ToUniversalTime()).ToArray()
        );
    }

    private static byte[] KeyOf(ResourceEventRecord e) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{e.Type}\n{e.Reason}\n{e.Message}"));

    private static bool SameState(Resource? before, Resource after) =>
        before is not null
        && before.Id == after.Id
        && before.Generation == after.Generation
        && (before.DeletionRequestedAt is null) == (after.DeletionRequestedAt is null);
}
