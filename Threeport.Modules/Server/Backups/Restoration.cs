using Npgsql;
using Threeport.Api;
using Threeport.BackupFormat;
using Threeport.Runtime;
using Threeport.Server.Storage;

namespace Threeport.Server.Backups;

/// <summary>
/// Puts a backup into an empty control plane, in one transaction: it is there with its last byte, or not at all. With it the control plane
/// is <see cref="Observing"/>.
/// </summary>
internal sealed class Restoration(PrimaryDatabase database, KindStores stores, KeyRing master)
{
    /// <summary>What was handed out after the backup's instant is behind this: no pass of a former life gets by the fence.</summary>
    private const long EpochsAhead = 1L << 32;

    private readonly Emptiness _emptiness = new(stores);

    /// <summary>Before anything is sent or locked: one that is in use is refused without holding it up.</summary>
    /// <exception cref="ProblemException">409: the control plane is not empty.</exception>
    public async Task RequireEmptyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var tables = await StoredTable.ListAsync(connection, cancellationToken);
        await _emptiness.RequireAsync(connection, tables, cancellationToken);
    }

    /// <param name="content">What the backup holds.</param>
    /// <param name="header">Its header.</param>
    /// <param name="caller">Who restores.</param>
    /// <param name="cancellationToken">Of the request; nothing is stored after it.</param>
    /// <returns>The mode that began, and how many rows there were.</returns>
    /// <exception cref="ProblemException">409: the control plane is not empty.</exception>
    /// <exception cref="BackupException">The backup is not whole, or does not fit.</exception>
    public async Task<(Observing Mode, long Rows)> RestoreAsync(
        ContentReader content,
        BackupHeader header,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        ProductVersion.Require(header.Product);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var tables = await PrepareAsync(connection, cancellationToken);
        var restore = new TableRestore(connection, tables, master, header.Product);
        long rows = 0;
        while (await content.NextAsync(cancellationToken) is { } section)
        {
            rows += await restore.RestoreAsync(section, content, cancellationToken);
        }

        var mode = await FinishAsync(connection, header, caller, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (mode, rows);
    }

    /// <summary>From here on nobody stores a resource until it is over; whoever wants to waits, and then finds it observing.</summary>
    private async Task<IReadOnlyList<StoredTable>> PrepareAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await ExecuteAsync(
            connection,
            "set local lock_timeout = '10s'; set local idle_in_transaction_session_timeout = '60s'; set local datestyle = 'ISO'; set local timezone = 'UTC'",
            cancellationToken
        );
        var tables = await StoredTable.ListAsync(connection, cancellationToken);
        var kinds = string.Join(", ", _emptiness.Kinds(tables).Select(static t => t.Qualified));
        await ExecuteAsync(connection, $"lock table {kinds} in exclusive mode", cancellationToken);
        await _emptiness.RequireAsync(connection, tables, cancellationToken);
        return tables;
    }

    /// <summary>
    /// No pass of the former life runs here, none is due before the yes, and the first one believes nothing of what is noted of the outside.
    /// What was told before belongs to a state that is not any more:
    /// the stream is made anew, by <see cref="RestoreFollower"/>.
    /// </summary>
    private static async Task<Observing> FinishAsync(
        NpgsqlConnection connection,
        BackupHeader header,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        await ExecuteAsync(
            connection,
            $"""
            update {Tables.ReconcileState}
            set owner = null, expires_at = null, wanted = false, requeue_at = null, afresh = true, epoch = epoch + {EpochsAhead}
            """,
            cancellationToken
        );
        await RestoreMark.SetAsync(connection, cancellationToken);
        await using var clock = new NpgsqlCommand("select clock_timestamp()", connection);
        DateTimeOffset now = (DateTime)(await clock.ExecuteScalarAsync(cancellationToken))!;
        return await ObservingMode.BeginAsync(
            connection,
            new(now, caller.Name, header.Instant, header.Product),
            cancellationToken
        );
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
