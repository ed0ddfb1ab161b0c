using Npgsql;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Storage;

namespace Threeport.Server.Passes;

/// <summary>What became of asking for a lease.</summary>
/// <param name="Epoch">The fence, when it was taken; else null.</param>
/// <param name="Failures">How many passes failed in a row.</param>
/// <param name="Noted">Another pass holds it, and will be followed by a new one.</param>
/// <param name="Exists">There is such a resource.</param>
/// <param name="Resource">As it was after the lease was taken; null when it is gone.</param>
internal sealed record TakenLease(long? Epoch, int Failures, bool Noted, bool Exists, Resource? Resource);

/// <summary>The leases of all resources. All times are the database's.</summary>
internal interface ILeaseTable
{
    /// <summary>Takes the lease or, if another pass holds it, notes that one is wanted; reads the resource after that.</summary>
    Task<TakenLease> TakeAsync(KindStore store, Guid id, string owner, CancellationToken cancellationToken);

    /// <returns>False when the lease is another's by now, or nobody's.</returns>
    Task<bool> RenewAsync(Guid id, long epoch, CancellationToken cancellationToken);
}

/// <summary>In PostgreSQL, one round trip each.</summary>
internal sealed class LeaseTable(NpgsqlDataSource database, StorageOptions options) : ILeaseTable
{
    /// <summary>A lease that is given back while it is asked for is neither taken nor noted, so the whole is asked again.</summary>
    private const string Take = $"""
        with taken as (
            update {Tables.ReconcileState} set owner = $2, epoch = epoch + 1, expires_at = clock_timestamp() + $3, wanted = false
            where id = $1 and (owner is null or expires_at < clock_timestamp())
            returning epoch, failures),
        noted as (
            update {Tables.ReconcileState} set wanted = true
            where id = $1 and owner is not null and not exists (select from taken) returning 1)
        select (select epoch from taken), (select failures from taken), exists (select from noted),
            exists (select from {Tables.ReconcileState} where id = $1)
        """;

    public async Task<TakenLease> TakeAsync(KindStore store, Guid id, string owner, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.Timeout = 10;
        batch.BatchCommands.Add(
            new(Take)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = id },
                    new NpgsqlParameter<string> { TypedValue = owner },
                    new NpgsqlParameter<TimeSpan> { TypedValue = Leases.Duration },
                },
            }
        );
        batch.BatchCommands.Add(
            new($"select data, mt_version from {store.Table} where id = $1")
            {
                Parameters = { new NpgsqlParameter<Guid> { TypedValue = id } },
            }
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.IsDBNull(0))
        {
            return new(null, 0, reader.GetBoolean(2), reader.GetBoolean(3), null);
        }

        var (epoch, failures) = (reader.GetInt64(0), reader.GetInt32(1));
        await reader.NextResultAsync(cancellationToken);
        var resource = await reader.ReadAsync(cancellationToken)
            ? store.Read(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1), options.Json)
            : null;
        return new(epoch, failures, Noted: false, Exists: true, resource);
    }

    public async Task<bool> RenewAsync(Guid id, long epoch, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"update {Tables.ReconcileState} set expires_at = clock_timestamp() + $3 where id = $1 and epoch = $2 and owner is not null"
        );
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = Leases.Duration });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
