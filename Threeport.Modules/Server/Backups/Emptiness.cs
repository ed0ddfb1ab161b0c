using Npgsql;
using Threeport.Api;
using Threeport.Server.Storage;

namespace Threeport.Server.Backups;

/// <summary>A backup is restored into a control plane that holds nothing but what a new one makes by itself.</summary>
internal sealed class Emptiness(KindStores stores)
{
    /// <exception cref="ProblemException">409: it holds something, which is named.</exception>
    public async Task RequireAsync(
        NpgsqlConnection connection,
        IReadOnlyList<StoredTable> tables,
        CancellationToken cancellationToken
    )
    {
        // Each resource with a reconciler has a row of state too, which says nothing more.
        var content = tables.Where(static t => t.IsContent && t.Qualified != Quoted(Tables.ReconcileState)).ToList();
        var counts = content.Select(static (t, i) => $"select {i}, (select count(*) from {t.Qualified})");
        await using var command = new NpgsqlCommand(string.Join(" union all ", counts), connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetInt64(1) is > 0 and var count)
            {
                found.Add(Describe(content[reader.GetInt32(0)], count));
            }
        }

        if (found.Count > 0)
        {
            throw new ProblemException(
                Problems.Conflict(
                    $"The control plane is not empty: it has {string.Join(", ", found)}. A backup is restored into a new one."
                )
            );
        }
    }

    /// <summary>The tables of the kinds: whoever writes a resource locks a row of one of them first.</summary>
    public IEnumerable<StoredTable> Kinds(IReadOnlyList<StoredTable> tables) =>
        tables.Where(t => PluralOf(t) is not null);

    private string Describe(StoredTable table, long count) =>
        PluralOf(table) is { } plural ? $"{count} {plural}"
        : table.Qualified == Quoted(Tables.History) ? $"a history of {count} changes"
        : table.Qualified == Quoted(Tables.Events) ? $"{count} events"
        : $"{count} rows in the table {table.Name}";

    private string? PluralOf(StoredTable table) =>
        stores.Kinds.Kinds.FirstOrDefault(k => stores[k].Table == $"{KindStore.Schema}.{table.Name}")?.Plural;

    private static string Quoted(string qualified) => $"{KindStore.Schema}.\"{StoredTable.Bare(qualified)}\"";
}
