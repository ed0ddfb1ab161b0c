using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Threeport.Api;
using Threeport.Server.Backups;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>Begins a transaction, and locks and loads, in one round trip, everything that the operations of a batch touch.</summary>
internal sealed class SnapshotLoader(KindStores stores, JsonSerializerOptions json)
{
    /// <summary>How many referrers are named at the most.</summary>
    private const int MaxReferrers = 1_000;

    public async Task<Snapshot> LoadAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Operation> operations,
        CancellationToken cancellationToken
    )
    {
        var snapshot = new Snapshot();
        var targets = operations.SelectMany(static o => o.Targets).ToList();
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new("begin") } };
        var readers = new List<Action<NpgsqlDataReader>>();

        // Kinds in order of name and rows in order of id: two replicas that lock the same rows do it in the same order.
        foreach (
            var group in targets.GroupBy(static t => t.Store).OrderBy(static g => g.Key.Table, StringComparer.Ordinal)
        )
        {
            AddResources(batch, readers, snapshot, group.Key, [.. group]);
        }

        AddLeases(batch, readers, snapshot, [.. targets.Where(static t => t.Name is null).Select(static t => t.Id)]);
        AddReferrers(batch, readers, snapshot, targets);
        AddOwned(batch, readers, snapshot, targets);
        AddHolders(batch, readers, snapshot, operations);
        AddMode(batch, readers, snapshot, operations);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var read in readers)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                read(reader);
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return snapshot;
    }

    private void AddResources(
        NpgsqlBatch batch,
        List<Action<NpgsqlDataReader>> readers,
        Snapshot snapshot,
        KindStore store,
        List<Target> targets
    )
    {
        var names = targets.Where(static t => t.Name is not null).Select(static t => t.Name!).Distinct().ToArray();
        var ids = targets.Where(static t => t.Name is null).Select(static t => t.Id).Distinct().ToArray();
        var select = $"select data, mt_version from {store.Table} where ";
        if (names.Length > 0)
        {
            batch.BatchCommands.Add(
                Command(select + "(data ->> 'name') = any($1) order by id for update", Texts(names))
            );
            readers.Add(reader => snapshot.Add(store, Read(store, reader, 0)));
        }

        if (ids.Length > 0)
        {
            batch.BatchCommands.Add(Command(select + "id = any($1) order by id for update", Ids(ids)));
            readers.Add(reader => snapshot.Add(store, Read(store, reader, 0)));
        }
    }

    private static void AddLeases(
        NpgsqlBatch batch,
        List<Action<NpgsqlDataReader>> readers,
        Snapshot snapshot,
        Guid[] ids
    )
    {
        if (ids.Length == 0)
        {
            return;
        }

        batch.BatchCommands.Add(
            Command(
                $"select id, epoch, owner, wanted from {Tables.ReconcileState} where id = any($1) order by id for update",
                Ids(ids)
            )
        );
        readers.Add(reader =>
            snapshot.AddLease(
                reader.GetGuid(0),
                new(reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetBoolean(3))
            )
        );
    }

    private void AddReferrers(
        NpgsqlBatch batch,
        List<Action<NpgsqlDataReader>> readers,
        Snapshot snapshot,
        List<Target> targets
    )
    {
        foreach (var target in targets.Where(static t => t.NeedsReferrers))
        {
            foreach (var (store, reference, sql) in ReferrersOf(target.Store).Where(static r => !r.Reference.Owner))
            {
                batch.BatchCommands.Add(
                    Command(
                        $"select data ->> 'name' from {store.Table} where {sql} = $1 order by 1 limit {MaxReferrers}",
                        Text(target.Name!)
                    )
                );
                readers.Add(reader =>
                    snapshot.AddReferrer(target.Store, target.Name!, $"{store.Kind.Singular}/{reader.GetString(0)}")
                );
            }

            AddOwners(batch, readers, snapshot, target);
        }
    }

    /// <summary>Owners that stay and alone may take down what is theirs: they hold it like one that uses it.</summary>
    private void AddOwners(NpgsqlBatch batch, List<Action<NpgsqlDataReader>> readers, Snapshot snapshot, Target target)
    {
        foreach (var reference in target.Store.Kind.References.Where(static r => r.OwnerDeletes))
        {
            var owner = stores[stores.Kinds[reference.Kind]];
            batch.BatchCommands.Add(
                Command(
                    $"""
                    select o.data ->> 'name' from {owner.Table} o
                    where o.data ->> 'name' = (
                        select {JsonSql.Text(
                        reference.Path.Split('.')
                    )} from {target.Store.Table} where data ->> 'name' = $1)
                    and o.data ->> 'deletionRequestedAt' is null
                    """,
                    Text(target.Name!)
                )
            );
            readers.Add(reader =>
                snapshot.AddReferrer(target.Store, target.Name!, $"{owner.Kind.Singular}/{reader.GetString(0)}")
            );
        }
    }

    /// <summary>What belongs to a resource that goes. The resource may be named by id only, so its name is looked up on the way.</summary>
    private void AddOwned(
        NpgsqlBatch batch,
        List<Action<NpgsqlDataReader>> readers,
        Snapshot snapshot,
        List<Target> targets
    )
    {
        foreach (var target in targets.Where(static t => t.NeedsOwned))
        {
            foreach (var (store, _, sql) in ReferrersOf(target.Store).Where(static r => r.Reference.Owner))
            {
                var owner = target.Name is null
                    ? $"(select o.data ->> 'name' from {target.Store.Table} o where o.id = $1)"
                    : "$1";
                batch.BatchCommands.Add(
                    Command(
                        $"select data, mt_version, {sql} from {store.Table} where {sql} = {owner} order by id for update",
                        target.Name is null ? Id(target.Id) : (NpgsqlParameter)Text(target.Name)
                    )
                );
                readers.Add(reader =>
                {
                    var owned = Read(store, reader, 0);
                    snapshot.Add(store, owned);
                    snapshot.AddOwned(target.Store, reader.GetString(2), store, owned);
                });
            }
        }
    }

    private static void AddHolders(
        NpgsqlBatch batch,
        List<Action<NpgsqlDataReader>> readers,
        Snapshot snapshot,
        IReadOnlyList<Operation> operations
    )
    {
        foreach (var (store, flag) in operations.SelectMany(static o => o.Flags).Distinct())
        {
            batch.BatchCommands.Add(
                new($"select data ->> 'name' from {store.Table} where {JsonSql.Text(flag.Split('.'))} = 'true' limit 1")
            );
            readers.Add(reader => snapshot.AddHolder(store, flag, reader.GetString(0)));
        }
    }

    /// <summary>After the rows were locked: a restoration locks their tables, so what is seen then holds until the commit.</summary>
    private static void AddMode(
        NpgsqlBatch batch,
        List<Action<NpgsqlDataReader>> readers,
        Snapshot snapshot,
        IReadOnlyList<Operation> operations
    )
    {
        if (operations.Any(static o => o.NeedsMode))
        {
            batch.BatchCommands.Add(new($"select {ObservingMode.IsOn}"));
            readers.Add(reader => snapshot.IsObserving = reader.GetBoolean(0));
        }
    }

    private (KindStore Store, Threeport.Runtime.KindReference Reference, string Sql)[] ReferrersOf(KindStore store) =>
        stores.Referrers.GetValueOrDefault(store.Kind.Plural) ?? [];

    private Resource Read(KindStore store, NpgsqlDataReader reader, int column) =>
        store.Read(reader.GetFieldValue<byte[]>(column), reader.GetInt64(column + 1), json);

    private static NpgsqlBatchCommand Command(string sql, NpgsqlParameter parameter) =>
        new(sql) { Parameters = { parameter } };

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<Guid> Id(Guid value) => new() { TypedValue = value };

    private static NpgsqlParameter<string[]> Texts(string[] values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter<Guid[]> Ids(Guid[] values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };
}
