using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Threeport.Runtime;
using Threeport.Server.Storage;

namespace Threeport.Server.Backups;

/// <summary>That a control plane was restored, and waits for a yes.</summary>
/// <param name="RestoredAt">When, by the database's clock.</param>
/// <param name="RestoredBy">Who.</param>
/// <param name="Instant">Of what was restored.</param>
/// <param name="Product">The version that made the backup.</param>
internal sealed record Observing(DateTimeOffset RestoredAt, string RestoredBy, DateTimeOffset Instant, string Product);

/// <summary>
/// Whether the control plane only observes. It is a row, so that it holds for all replicas from the commit on that restores, and over
/// restarts; what hands out leases and what stores clients' writes look at it in their own transactions.
/// </summary>
internal sealed class ObservingMode(PrimaryDatabase database)
{
    private const string Name = "observing";

    /// <summary>Whether it does, as a condition in SQL.</summary>
    public const string IsOn = $"exists (select from {Tables.Settings} where name = '{Name}')";

    /// <summary>Null when it does not only observe.</summary>
    public async Task<Observing?> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select value from {Tables.Settings} where name = '{Name}'");
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] value
            ? JsonSerializer.Deserialize<Observing>(value, ResourceJson.Wire)
            : null;
    }

    /// <summary>
    /// Ends it. Every resource that has a reconciler is then due at once, in the same transaction: whatever dies afterwards, all are looked at.
    /// </summary>
    /// <returns>How many are; null when it did not only observe.</returns>
    public async Task<long?> EndAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            with ended as (delete from {Tables.Settings} where name = '{Name}' returning 1),
            due as (
                update {Tables.ReconcileState} set requeue_at = clock_timestamp()
                where exists (select from ended) returning 1)
            select case when exists (select from ended) then (select count(*) from due) end
            """
        );
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <summary>Begins it, in the transaction that restores.</summary>
    public static async Task<Observing> BeginAsync(
        NpgsqlConnection connection,
        Observing observing,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"insert into {Tables.Settings} (name, value) values ('{Name}', $1) on conflict (name) do update set value = $1",
            connection
        );
        command.Parameters.Add(
            new()
            {
                Value = JsonSerializer.SerializeToUtf8Bytes(observing, ResourceJson.Wire),
                NpgsqlDbType = NpgsqlDbType.Bytea,
            }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        return observing;
    }
}
