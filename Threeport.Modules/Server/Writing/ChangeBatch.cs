using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Threeport.Api;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>
/// Turns what a batch of operations decided into statements: one for each table and sort of change, whose rows are arrays. A
/// statement for each document costs PostgreSQL and us three times as much.
/// </summary>
internal sealed class ChangeBatch(NpgsqlBatch batch, JsonSerializerOptions json, TimeProvider time)
{
    private const NpgsqlDbType Jsons = NpgsqlDbType.Array | NpgsqlDbType.Jsonb;

    public void Add(Changes changes)
    {
        // Removals first: a name, or a flag that one resource may have, is free for who takes it in the same transaction.
        foreach (var kind in changes.Staged.GroupBy(static s => s.Store))
        {
            Delete(kind.Key, [.. kind.Where(static s => s.Removes)]);
        }

        foreach (var kind in changes.Staged.GroupBy(static s => s.Store))
        {
            Update(kind.Key, [.. kind.Where(static s => s.Updates)]);
            Insert(kind.Key, [.. kind.Where(static s => s.Inserts)]);
        }

        AddHistory(changes);
        AddOutbox(changes);
        AddState(changes);
        AddEnds([.. changes.Ended.Values]);
        AddEvents(changes);
    }

    private void Insert(KindStore store, IReadOnlyList<Staged> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        foreach (var row in rows)
        {
            // Also for what was written twice before it was stored.
            row.After!.Revision = 1;
        }

        Add(
            $"""
            insert into {store.Table} (id, data, mt_version, mt_dotnet_type)
            select id, data, 1, '{store.Kind.Type.FullName}' from unnest($1, $2) as v (id, data)
            """,
            Array(rows, static r => r.After!.Id),
            Documents(store, rows)
        );
    }

    /// <summary>
    /// The rows are locked, so nobody can have changed them; should that ever not hold, the whole is refused and decided anew.
    /// </summary>
    private void Update(KindStore store, IReadOnlyList<Staged> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        if (rows.Count > 1 && store.Kind.ExclusiveFlags.Count > 0)
        {
            // Within one statement the order would be PostgreSQL's: a flag could be taken before it was given back.
            foreach (var row in rows)
            {
                Update(store, [row]);
            }

            return;
        }

        Add(
            $"""
            with changed as (
                update {store.Table} t set data = v.data, mt_version = v.after, mt_last_modified = transaction_timestamp()
                from unnest($1, $2, $3, $4) as v (id, data, before, after) where t.id = v.id and t.mt_version = v.before
                returning 1)
            select {Functions.RequireCount}(count(*), $5) from changed
            """,
            Array(rows, static r => r.After!.Id),
            Documents(store, rows),
            Array(rows, static r => r.Before!.Revision),
            Array(rows, static r => r.After!.Revision),
            new NpgsqlParameter<long> { TypedValue = rows.Count }
        );
    }

    private void Delete(KindStore store, IReadOnlyList<Staged> rows)
    {
        if (rows.Count > 0)
        {
            Add(
                $"""
                with gone as (delete from {store.Table} where id = any($1) returning 1)
                select {Functions.RequireCount}(count(*), $2) from gone
                """,
                Array(rows, static r => r.Before!.Id),
                new NpgsqlParameter<long> { TypedValue = rows.Count }
            );
        }
    }

    private void AddHistory(Changes changes)
    {
        var rows = changes.History;
        if (rows.Count > 0)
        {
            Add(
                $"""
                insert into {Tables.History} (id, data, mt_version, mt_dotnet_type)
                select id, data, id, '{typeof(Resources.HistoryRow).FullName}' from unnest($1, $2) as v (id, data)
                """,
                Array(rows, static r => r.Id),
                Array(rows, r => JsonSerializer.SerializeToUtf8Bytes(r, json), Jsons)
            );
        }
    }

    private void AddOutbox(Changes changes)
    {
        var rows = changes.Outbox;
        if (rows.Count == 0)
        {
            return;
        }

        Add(
            $"""
            insert into {Tables.Outbox} (id, kind, resource_id, name, generation, revision, work, change, trace)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            Array(rows, static r => r.Id),
            Array(rows, static r => r.Kind),
            Array(rows, static r => r.ResourceId),
            Array(rows, static r => r.Name),
            Array(rows, static r => r.Generation),
            Array(rows, static r => r.Revision),
            Array(rows, static r => r.Work),
            Array(rows, static r => r.Change),
            Array(rows, static r => r.Trace)
        );
    }

    /// <summary>The generation and whether it is being deleted, for the resync; a row for each new resource.</summary>
    private void AddState(Changes changes)
    {
        var moved = changes.Staged.Where(static s => s.MovesState).ToList();
        if (moved.Count > 0)
        {
            Add(
                $"""
                insert into {Tables.ReconcileState} as s (id, kind, name, generation, deleting)
                select * from unnest($1, $2, $3, $4, $5)
                on conflict (id) do update set generation = excluded.generation, deleting = excluded.deleting
                """,
                Array(moved, static m => m.After!.Id),
                Array(moved, static m => m.Store.Kind.Plural),
                Array(moved, static m => m.After!.Name),
                Array(moved, static m => m.After!.Generation),
                Array(moved, static m => m.After!.DeletionRequestedAt is not null)
            );
        }

        var gone = changes.Staged.Where(static s => s.Removes).ToList();
        if (gone.Count > 0)
        {
            Add($"delete from {Tables.ReconcileState} where id = any($1)", Array(gone, static g => g.Before!.Id));
            Add($"delete from {Tables.Events} where resource_id = any($1)", Array(gone, static g => g.Before!.Id));
        }
    }

    private void AddEnds(IReadOnlyList<StateEnd> ends)
    {
        if (ends.Count == 0)
        {
            return;
        }

        Add(
            $"""
            update {Tables.ReconcileState} s set owner = null, expires_at = null, wanted = false,
                observed_generation = case when v.observed > 0 then v.observed else s.observed_generation end,
                failures = case when v.failed then s.failures + 1 else 0 end,
                afresh = s.afresh and (v.failed or v.observed = 0),
                requeue_at = clock_timestamp() + v.delay
            from unnest($1, $2, $3, $4) as v (id, observed, failed, delay)
            where s.id = v.id
            """,
            Array(ends, static e => e.Id),
            Array(ends, static e => e.ObservedGeneration),
            Array(ends, static e => e.Failed),
            Array(ends, static e => e.RequeueAfter)
        );
    }

    private void AddEvents(Changes changes)
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
        Add(
            $"""
            with v as (select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
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
            Array(events, static e => e.ResourceId),
            Array(events, static e => KeyOf(e.Last)),
            Array(events, static e => e.Last.Type.ToString()),
            Array(events, static e => e.Last.Reason),
            Array(events, static e => e.Last.Message),
            Array(events, static e => e.Last.Source),
            Array(events, static e => e.Last.Count),
            Array(events, static e => e.Times),
            Array(events, e => (e.Last.LastSeen ?? now).ToUniversalTime())
        );
    }

    private NpgsqlParameter<byte[][]> Documents(KindStore store, IReadOnlyList<Staged> rows) =>
        Array(rows, r => JsonSerializer.SerializeToUtf8Bytes(r.After!, store.Kind.Type, json), Jsons);

    private void Add(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<TValue[]> Array<TRow, TValue>(
        IReadOnlyList<TRow> rows,
        Func<TRow, TValue> value,
        NpgsqlDbType type = NpgsqlDbType.Unknown
    )
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        var parameter = new NpgsqlParameter<TValue[]> { TypedValue = values };
        if (type is not NpgsqlDbType.Unknown)
        {
            parameter.NpgsqlDbType = type;
        }

        return parameter;
    }

    private static byte[] KeyOf(ResourceEventRecord e) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{e.Type}\n{e.Reason}\n{e.Message}"));
}
