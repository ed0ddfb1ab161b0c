using System.Data;
using System.Text;
using Npgsql;
using Threeport.BackupFormat;
using Threeport.Server.Storage;

namespace Threeport.Server.Backups;

/// <summary>
/// Everything that is stored, at one instant: a transaction that sees nothing of what is committed after it began, and holds up nobody.
/// </summary>
internal sealed class BackupSnapshot : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly NpgsqlTransaction _transaction;
    private readonly KeyRing _master;

    private BackupSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction, KeyRing master)
    {
        (Connection, _transaction, _master) = (connection, transaction, master);
    }

    /// <summary>What is asked on it is of the same instant.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>By the database's clock: what was committed by then is in it.</summary>
    public DateTimeOffset Instant { get; private set; }

    public static async Task<BackupSnapshot> BeginAsync(
        PrimaryDatabase database,
        KeyRing master,
        CancellationToken cancellationToken
    )
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            var snapshot = new BackupSnapshot(connection, transaction, master);
            await snapshot.SettleAsync(cancellationToken);
            return snapshot;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes all tables.</summary>
    /// <returns>How many rows.</returns>
    public async Task<long> WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        var tables = await StoredTable.ListAsync(Connection, cancellationToken);
        long all = 0;
        foreach (var table in tables)
        {
            var columns = table.IsDataKeys ? BackedUpKey.Columns : table.Columns;
            await content.WriteAsync(new TableSection(table.Name, columns).Begin(), cancellationToken);
            var rows = table.IsDataKeys
                ? await WriteKeysAsync(content, cancellationToken)
                : await CopyAsync(table, content, cancellationToken);
            await content.WriteAsync(TableSection.End(rows), cancellationToken);
            all += rows;
        }

        await content.WriteAsync(TableSection.EndOfTables(tables.Count), cancellationToken);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            // Whoever is slow to take it is given up on by the server that sends it, not in between by this.
            """
            set transaction read only;
            set local idle_in_transaction_session_timeout = '60s';
            set local datestyle = 'ISO';
            set local timezone = 'UTC';
            select transaction_timestamp()
            """,
            Connection
        );
        Instant = (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<long> CopyAsync(StoredTable table, Stream content, CancellationToken cancellationToken)
    {
        await using var copy = new CopyOut(
            await Connection.BeginTextExportAsync(
                $"copy {table.Qualified} ({StoredTable.List(table.Columns)}) to stdout",
                cancellationToken
            )
        );
        var buffer = new byte[BufferSize];
        long rows = 0;
        while (await copy.Bytes.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            // An end of line within a value is written as \n.
            rows += buffer.AsSpan(0, read).Count((byte)'\n');
            await content.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        copy.IsRead = true;
        return rows;
    }

    private async Task<long> WriteKeysAsync(Stream content, CancellationToken cancellationToken)
    {
        var keys = await BackedUpKey.ReadAsync(Connection, _master, cancellationToken);
        foreach (var key in keys)
        {
            await content.WriteAsync(Encoding.ASCII.GetBytes(key.Row()), cancellationToken);
        }

        return keys.Count;
    }

    private sealed class CopyOut(TextReader reader) : IAsyncDisposable
    {
        private readonly NpgsqlCopyTextReader _reader = (NpgsqlCopyTextReader)reader;

        /// <summary>As PostgreSQL sends them; to decode and encode them again would cost more than all else.</summary>
        public Stream Bytes => _reader.BaseStream;

        public bool IsRead { get; set; }

        public async ValueTask DisposeAsync()
        {
            if (IsRead)
            {
                await _reader.BaseStream.DisposeAsync();
            }
            else
            {
                await CalledOff.CopyAsync(_reader.CancelAsync);
            }
        }
    }
}
