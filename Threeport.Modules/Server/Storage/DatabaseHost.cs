using Npgsql;

namespace Threeport.Server.Storage;

/// <summary>One of the hosts of a database.</summary>
/// <param name="pool">Connections to it.</param>
/// <param name="looks">The one that it is looked at with.</param>
internal sealed class DatabaseHost(NpgsqlDataSource pool, NpgsqlDataSource? looks) : IAsyncDisposable
{
    /// <summary>
    /// A timeline begins when a standby becomes the primary, and is the first part of the names of write-ahead log
    /// (https://www.postgresql.org/docs/15/continuous-archiving.html#BACKUP-TIMELINES).
    /// </summary>
    private const string Question =
        "select case when pg_is_in_recovery() then 0 else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end";

    /// <summary>One that has been away for as many looks may have been made anew, or be gone for good: what it said no longer counts.</summary>
    private const int Forgotten = 20;

    private int _missed;

    public NpgsqlDataSource Pool => pool;

    public string Name { get; } = new NpgsqlConnectionStringBuilder(pool.ConnectionString).Host ?? "";

    /// <summary>When it last answered: of a primary its timeline, of a standby 0.</summary>
    public int Timeline { get; private set; }

    /// <exception cref="NpgsqlException">It did not answer; what it last said stays.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        _missed++;
        Timeline = _missed > Forgotten ? 0 : Timeline;
        await using var command = looks!.CreateCommand(Question);
        Timeline = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        _missed = 0;
    }

    public async ValueTask DisposeAsync()
    {
        await pool.DisposeAsync();
        if (looks is not null)
        {
            await looks.DisposeAsync();
        }
    }
}
