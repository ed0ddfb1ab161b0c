using System.Text.Json.Nodes;
using Npgsql;

namespace Threeport.IntegrationTests.Soak;

/// <summary>Compares what the clients know with what the control plane kept, once nothing is killed and nothing is written any more.</summary>
internal sealed class Audit
{
    private const string Rows = """
        select data->>'resourceId', data->>'kind', data->>'name', (data->>'revision')::bigint, data->>'verb', data->'labels'->>'write'
        from threeport.mt_doc_history where data->>'name' like 's-%' order by 4
        """;

    private static readonly string[] Kinds = ["workload-definitions", "workload-instances"];

    private readonly List<string> _lost = [];
    private readonly List<string> _doubled = [];

    /// <summary>Answered, and not there; or there before, and not any more.</summary>
    public IReadOnlyList<string> Lost => _lost;

    /// <summary>Done twice, or done although it was refused.</summary>
    public IReadOnlyList<string> Doubled => _doubled;

    /// <summary>Answered with 503 and stored nevertheless: a commit of which nobody knew the end.</summary>
    public int StoredThoughUnavailable { get; private set; }

    /// <summary>Not answered, and stored.</summary>
    public int StoredUnanswered { get; private set; }

    public static async Task<Audit> OfAsync(Ledger ledger, ISoaked soaked)
    {
        var history = await HistoryAsync(soaked.Database);
        var live = new Dictionary<Guid, (string Plural, JsonNode Resource)>();
        foreach (var plural in Kinds)
        {
            foreach (var resource in await soaked.ListAsync(plural))
            {
                if (((string)resource["name"]!).StartsWith("s-", StringComparison.Ordinal))
                {
                    live.Add(Guid.Parse((string)resource["id"]!), (plural, resource));
                }
            }
        }

        return Of(ledger, history, live);
    }

    /// <param name="ledger">What the clients know.</param>
    /// <param name="history">By revision.</param>
    /// <param name="live">What is there.</param>
    public static Audit Of(
        Ledger ledger,
        IReadOnlyList<Kept> history,
        IReadOnlyDictionary<Guid, (string Plural, JsonNode Resource)> live
    )
    {
        var audit = new Audit();
        audit.Writes(ledger.Writes, history);
        audit.Resources(history, live);
        audit._lost.AddRange(ledger.StaleReads);
        return audit;
    }

    private static async Task<IReadOnlyList<Kept>> HistoryAsync(NpgsqlDataSource database)
    {
        var rows = new List<Kept>();
        await using var command = database.CreateCommand(Rows);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(
                new(
                    Guid.Parse(reader.GetString(0)),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetInt64(3),
                    reader.GetString(4),
                    await reader.IsDBNullAsync(5) ? null : reader.GetString(5)
                )
            );
        }

        return rows;
    }

    /// <summary>An answered write is in the history once, one that was refused is not, and any other at most once.</summary>
    private void Writes(IReadOnlyCollection<SoakWrite> writes, IReadOnlyList<Kept> history)
    {
        var stored = history.Where(static r => r.IsPut).ToLookup(static r => (r.Plural, r.Write));
        var deletions = history.Where(static r => r.Verb is "delete" or "remove").Select(static r => r.Id).ToHashSet();
        foreach (var write in writes)
        {
            var times = stored[(write.Plural, write.Mark)].Count();
            var isThere = write.IsDelete ? write.Id is { } id && deletions.Contains(id) : times > 0;
            if (write.IsAnswered && !isThere)
            {
                _lost.Add($"{write} was answered");
            }

            if (times > 1 || (times > 0 && write.IsRefusedForGood))
            {
                _doubled.Add($"{write} is there {times} times");
            }
        }

        var unsure = writes.Where(w => !w.IsAnswered && stored.Contains((w.Plural, w.Mark))).ToList();
        StoredThoughUnavailable = unsure.Count(static w => w.Status >= 500);
        StoredUnanswered = unsure.Count(static w => w.Status is null);
    }

    /// <summary>What was made and not removed is there, as it was written last; and nothing else is.</summary>
    private void Resources(
        IReadOnlyList<Kept> history,
        IReadOnlyDictionary<Guid, (string Plural, JsonNode Resource)> live
    )
    {
        var known = history.GroupBy(static r => r.Id).ToDictionary(static g => g.Key, static g => g.ToList());
        foreach (var (id, (plural, resource)) in live)
        {
            if (!known.TryGetValue(id, out var rows) || rows.Exists(static r => r.Verb == "remove"))
            {
                _doubled.Add($"{plural}/{resource["name"]} {id} is there, and was removed or never made");
                continue;
            }

            if (rows.FindLast(static r => r.IsPut)?.Write != (string?)resource["labels"]?["write"])
            {
                _lost.Add($"{plural}/{resource["name"]} is not as {rows[^1]} left it");
            }

            // Every PUT of a definition changes its spec: its generation counts them, however often its status changed.
            var puts = rows.Count(static r => r.IsPut);
            if (plural == "workload-definitions" && (long)resource["generation"]! != puts)
            {
                _doubled.Add($"{plural}/{resource["name"]} has generation {resource["generation"]} of {puts} writes");
            }
        }

        Histories(known, live);
    }

    private void Histories(
        Dictionary<Guid, List<Kept>> known,
        IReadOnlyDictionary<Guid, (string Plural, JsonNode Resource)> live
    )
    {
        foreach (var (id, rows) in known)
        {
            if (!live.ContainsKey(id) && !rows.Exists(static r => r.Verb == "remove"))
            {
                _lost.Add($"{rows[^1]} is not there");
            }

            foreach (var twice in rows.GroupBy(static r => (r.Revision, r.Verb)).Where(static g => g.Count() > 1))
            {
                _doubled.Add($"{twice.First()} is in the history {twice.Count()} times");
            }
        }
    }
}

/// <summary>A row of the history.</summary>
internal sealed record Kept(Guid Id, string Plural, string Name, long Revision, string Verb, string? Write)
{
    public bool IsPut => Verb is "create" or "put";
}
