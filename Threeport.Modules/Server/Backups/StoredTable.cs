using Npgsql;
using Threeport.Server.Storage;

namespace Threeport.Server.Backups;

/// <summary>A table as it is in the database now, whatever made it.</summary>
/// <param name="Name">Without the schema.</param>
/// <param name="Columns">In order, without those that the database computes.</param>
internal sealed record StoredTable(string Name, IReadOnlyList<string> Columns)
{
    /// <summary>What each database knows of itself (its builds, its broker), and what was still to be told of changes: a restored control plane tells of everything anew.</summary>
    private static readonly string[] LeftOut = [Bare(Tables.Settings), Bare(Tables.Outbox)];

    /// <summary>What a new control plane has had to note by then: kept, and added to.</summary>
    private static readonly string[] Added = [Bare(Tables.Tokens), Bare(Tables.Certificates), Bare(Tables.Audit)];

    public string Qualified => $"{KindStore.Schema}.{Quote(Name)}";

    /// <summary>Their rows are wrapped by a key that is not in the database.</summary>
    public bool IsDataKeys => Name == Bare(Tables.DataKeys);

    public bool IsAdded => Added.Contains(Name);

    /// <summary>Has to be empty for a backup to be restored.</summary>
    public bool IsContent => !IsAdded && !IsDataKeys;

    /// <summary>Every table of the schema that goes into a backup, in order of name.</summary>
    public static async Task<IReadOnlyList<StoredTable>> ListAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            select c.relname, array_agg(a.attname::text order by a.attnum)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
            where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition
                and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and c.relname <> all ($2)
            group by c.relname order by c.relname
            """,
            connection
        );
        command.Parameters.Add(new() { Value = KindStore.Schema });
        command.Parameters.Add(new() { Value = LeftOut });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<StoredTable>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tables.Add(new(reader.GetString(0), reader.GetFieldValue<string[]>(1)));
        }

        return tables;
    }

    /// <summary>Names of columns as SQL has them.</summary>
    public static string List(IEnumerable<string> columns) => string.Join(", ", columns.Select(Quote));

    /// <summary>A name without its schema.</summary>
    public static string Bare(string qualified) => qualified[(KindStore.Schema.Length + 1)..];

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
