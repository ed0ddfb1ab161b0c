using System.Text;
using Npgsql;
using Threeport.BackupFormat;
using Threeport.Server.Storage;

namespace Threeport.Server.Backups;

/// <summary>Takes the rows of one table out of a backup into the transaction that restores.</summary>
internal sealed class TableRestore(
    NpgsqlConnection connection,
    IReadOnlyList<StoredTable> tables,
    KeyRing master,
    string product
)
{
    /// <summary>Once all rows are sent, PostgreSQL may still have to write them.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(2);

    /// <summary>Of all data keys together; each is a hundred and fifty bytes.</summary>
    private const int MaxKeys = 1024 * 1024;

    /// <returns>How many rows.</returns>
    /// <exception cref="BackupException">They do not fit what is there.</exception>
    public async Task<long> RestoreAsync(
        TableSection section,
        ContentReader content,
        CancellationToken cancellationToken
    )
    {
        var table =
            tables.FirstOrDefault(t => t.Name == section.Table)
            ?? throw Unfit($"a table {section.Table}, which is not there");
        if (table.IsDataKeys)
        {
            return await KeysAsync(content, cancellationToken);
        }

        if (section.Columns.FirstOrDefault(c => !table.Columns.Contains(c)) is { } unknown)
        {
            throw Unfit($"a column {unknown} of the table {section.Table}, which is not there");
        }

        try
        {
            return table.IsAdded
                ? await AddAsync(table, section, content, cancellationToken)
                : await CopyAsync(table.Qualified, section, content, cancellationToken);
        }
        catch (PostgresException e) when (!Database.IsAway(e))
        {
            throw new BackupException($"The table {section.Table} does not take the backup's rows: {e.MessageText}");
        }
    }

    /// <summary>What is there stays; a row that is there already is the same.</summary>
    private async Task<long> AddAsync(
        StoredTable table,
        TableSection section,
        ContentReader content,
        CancellationToken cancellationToken
    )
    {
        var columns = StoredTable.List(section.Columns);
        var staged = StoredTable.List([$"restored_{table.Name}"]);
        await ExecuteAsync(
            $"create temporary table {staged} (like {table.Qualified} including defaults) on commit drop",
            cancellationToken
        );
        var rows = await CopyAsync($"pg_temp.{staged}", section, content, cancellationToken);
        await ExecuteAsync(
            $"insert into {table.Qualified} ({columns}) select {columns} from pg_temp.{staged} on conflict do nothing",
            cancellationToken
        );
        return rows;
    }

    private async Task<long> CopyAsync(
        string into,
        TableSection section,
        ContentReader content,
        CancellationToken cancellationToken
    )
    {
        var writer = (NpgsqlCopyTextWriter)
            await connection.BeginTextImportAsync(
                $"copy {into} ({StoredTable.List(section.Columns)}) from stdin",
                cancellationToken
            );
        writer.Timeout = (int)AnswerLimit.TotalMilliseconds;
        try
        {
            var rows = await content.RowsAsync(
                (piece, token) => writer.BaseStream.WriteAsync(piece, token),
                cancellationToken
            );
            // Says that this was all. The writer itself would wait for the answer on the thread.
            await writer.BaseStream.DisposeAsync();
            return rows;
        }
        catch (Exception e) when (e is not PostgresException)
        {
            await CalledOff.CopyAsync(writer.CancelAsync);
            throw;
        }
    }

    private async Task<long> KeysAsync(ContentReader content, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var rows = await content.RowsAsync(
            (piece, token) =>
                text.Length + piece.Length <= MaxKeys
                    ? text.WriteAsync(piece, token)
                    : throw new BackupException("The backup holds more data keys than there can be."),
            cancellationToken
        );
        var lines = Encoding.ASCII.GetString(text.GetBuffer(), 0, (int)text.Length);
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await BackedUpKey.Parse(line).StoreAsync(connection, master, cancellationToken);
        }

        return rows;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private BackupException Unfit(string what) =>
        new(
            $"The backup holds {what}. It was made by threeport {product}, and this is threeport {ProductVersion.Current}: restore it with the version and the modules that it was made with, or a newer version."
        );
}
