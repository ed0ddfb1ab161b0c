using Npgsql;
using NpgsqlTypes;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Backups;
using Threeport.Server.Storage;

namespace Threeport.Server.Passes;

/// <summary>What became of asking for a lease.</summary>
/// <param name="Epoch">The fence, when it was taken; null when another pass holds it, which will be followed by a new one, or there is no such resource.</param>
/// <param name="Failures">How many passes failed in a row.</param>
/// <param name="Resource">As it was after the lease was taken; null when it is gone.</param>
/// <param name="Afresh">No pass has ended since a backup was restored.</param>
internal sealed record TakenLease(long? Epoch, int Failures, Resource? Resource, bool Afresh = false)
{
    public static readonly TakenLease Not = new(null, 0, null);
}

/// <summary>The leases of all resources. All times are the database's.</summary>
internal interface ILeaseTable
{
    /// <summary>Takes the lease or, if another pass holds it, notes that one is wanted; reads the resource after that.</summary>
    Task<TakenLease> TakeAsync(KindStore store, Guid id, string owner, CancellationToken cancellationToken);

    /// <returns>False when the lease is another's by now, or nobody's.</returns>
    Task<bool> RenewAsync(Guid id, long epoch, CancellationToken cancellationToken);
}

/// <summary>In PostgreSQL. What is asked for at the same time is taken in one transaction: each costs a flush of the disk.</summary>
internal sealed class LeaseTable : ILeaseTable
{
    private const int QueriesAtOnce = 2;
    private const int LeasesAQuery = 128;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Rows are locked in the order of their ids, as the writer does, and judged by what they hold once they are locked.
    /// A lease that is asked for twice at once ($3) is taken once and noted at the same time. A pass that asks again has not heard the
    /// first answer, and gets the same: what it asked first may come last, and must not end it. An owner without a pass is the process of
    /// an earlier version, of which two passes are not one. None is given out while the control plane only observes: whatever makes the
    /// world match something runs under one, in whichever process.
    /// </summary>
    private const string Take = $"""
        with asked as (select * from unnest($1, $2, $3) as a (id, owner, again)),
        locked as (
            select s.id, s.wanted, s.owner is null or s.expires_at < clock_timestamp() as free,
                s.owner = a.owner and split_part(a.owner, '/', 3) <> '' as mine
            from {Tables.ReconcileState} s join asked a on a.id = s.id
            where s.id = any($1) and not {ObservingMode.IsOn} order by s.id for update of s),
        taken as (
            update {Tables.ReconcileState} s
            set owner = a.owner, epoch = case when l.free then epoch + 1 else epoch end, expires_at = clock_timestamp() + $4,
                wanted = a.again or (l.wanted and not l.free)
            from asked a join locked l on l.id = a.id where s.id = a.id and (l.free or l.mine)
            returning s.id, s.epoch, s.failures, s.afresh),
        noted as (
            update {Tables.ReconcileState} s set wanted = true
            from locked l where s.id = l.id and not l.free and not l.mine and not l.wanted)
        select id, epoch, failures, afresh from taken
        """;

    private readonly PrimaryDatabase _database;
    private readonly StorageOptions _options;
    private readonly SharedQuery<Request, Row> _taking;

    private sealed record Request(KindStore Store, Guid Id, string Owner);

    /// <summary>An answer as it is stored: one that cannot be read is nobody else's trouble.</summary>
    private sealed record Row(long? Epoch, int Failures, bool Afresh, byte[]? Data, long Revision)
    {
        public static readonly Row NotTaken = new(null, 0, false, null, 0);
    }

    public LeaseTable(PrimaryDatabase database, StorageOptions options)
    {
        _database = database;
        _options = options;
        _taking = new(TakeAsync, QueriesAtOnce, LeasesAQuery);
    }

    public async Task<TakenLease> TakeAsync(KindStore store, Guid id, string owner, CancellationToken cancellationToken)
    {
        var row = await _taking.AskAsync(new(store, id, owner), cancellationToken);
        return row.Epoch is null
            ? TakenLease.Not
            : new(
                row.Epoch,
                row.Failures,
                row.Data is null ? null : store.Read(row.Data, row.Revision, _options.Json),
                row.Afresh
            );
    }

    public async Task<bool> RenewAsync(Guid id, long epoch, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(
            $"update {Tables.ReconcileState} set expires_at = clock_timestamp() + $3 where id = $1 and epoch = $2 and owner is not null"
        );
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = Leases.Duration });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private async Task<IReadOnlyList<Row>> TakeAsync(IReadOnlyList<Request> requests)
    {
        var firsts = requests.GroupBy(static r => r.Id).Select(static g => (First: g.First(), Again: g.Skip(1).Any()));
        var asked = firsts.ToList();
        var stores = asked.GroupBy(static a => a.First.Store, static a => a.First.Id).ToList();
        using var limit = new CancellationTokenSource(Limit);
        await using var batch = _database.CreateBatch();
        batch.Timeout = Limit;
        batch.Statements.Add(TakeCommand(asked));
        foreach (var store in stores)
        {
            var ids = new NpgsqlParameter<Guid[]> { TypedValue = [.. store] };
            batch.Statements.Add(
                new($"select id, data, mt_version from {store.Key.Table} where id = any($1)") { Parameters = { ids } }
            );
        }

        await using var reader = await batch.ExecuteReaderAsync(limit.Token);
        var rows = await ReadAsync(reader, stores.Count, limit.Token);
        var answered = new HashSet<Guid>();
        return
        [
            .. requests.Select(r => rows.GetValueOrDefault(r.Id) is { } row && answered.Add(r.Id) ? row : Row.NotTaken),
        ];
    }

    private static NpgsqlBatchCommand TakeCommand(List<(Request First, bool Again)> asked) =>
        new(Take)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = [.. asked.Select(static a => a.First.Id)] },
                new()
                {
                    Value = asked.Select(static a => a.First.Owner).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                },
                new NpgsqlParameter<bool[]> { TypedValue = [.. asked.Select(static a => a.Again)] },
                new NpgsqlParameter<TimeSpan> { TypedValue = Leases.Duration },
            },
        };

    private static async Task<Dictionary<Guid, Row>> ReadAsync(
        NpgsqlDataReader reader,
        int stores,
        CancellationToken cancellationToken
    )
    {
        var rows = new Dictionary<Guid, Row>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows[reader.GetGuid(0)] = new(reader.GetInt64(1), reader.GetInt32(2), reader.GetBoolean(3), null, 0);
        }

        for (var i = 0; i < stores && await reader.NextResultAsync(cancellationToken); i++)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (rows.TryGetValue(reader.GetGuid(0), out var row))
                {
                    rows[reader.GetGuid(0)] = row with
                    {
                        Data = reader.GetFieldValue<byte[]>(1),
                        Revision = reader.GetInt64(2),
                    };
                }
            }
        }

        return rows;
    }
}
