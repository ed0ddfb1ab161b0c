using Npgsql;

namespace Threeport.IntegrationTests.Backups;

/// <summary>Every row of every table, as text, to be compared with those of another database.</summary>
internal static class StoredRows
{
    /// <summary>What each database has of its own.</summary>
    private static readonly string[] Own = ["settings", "outbox", "data_keys"];

    /// <param name="connection">An open one; in a transaction what that sees.</param>
    /// <returns>By table.</returns>
    public static async Task<SortedDictionary<string, List<string>>> ReadAsync(NpgsqlConnection connection)
    {
        await ExecuteAsync(connection, "set timezone = 'UTC'");
        var tables = new List<string>();
        await using (
            var list = new NpgsqlCommand("select tablename from pg_tables where schemaname = 'threeport'", connection)
        )
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        var rows = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var table in tables.Except(Own))
        {
            // Who works on a resource, and when it is due, is not of the state but of the process.
            var columns =
                table == "reconcile_state"
                    ? "row(id, kind, name, generation, observed_generation, deleting, failures)"
                    : "t";
            rows[table] = await TextsAsync(connection, $"select ({columns})::text from threeport.{table} t order by 1");
        }

        return rows;
    }

    public static async Task<List<string>> TextsAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
