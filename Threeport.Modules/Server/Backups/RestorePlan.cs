using Threeport.Server.Access;
using Threeport.Server.Storage;

namespace Threeport.Server.Backups;

/// <summary>What would be done with a resource after the yes.</summary>
/// <param name="Kind">The singular.</param>
/// <param name="Name">Which.</param>
/// <param name="Change">delete, apply, reported or check.</param>
/// <param name="Detail">Why.</param>
internal sealed record PlannedChange(string Kind, string Name, string Change, string Detail);

/// <summary>How a control plane that was restored stands, and what it would do.</summary>
/// <param name="Observing">Null when it is not waiting for a yes; then the rest is empty.</param>
/// <param name="Changes">Those that are more than a check, at most <see cref="RestorePlan.MaxChanges"/>.</param>
/// <param name="Counts">By change, of all.</param>
internal sealed record RestoreState(
    Observing? Observing,
    IReadOnlyList<PlannedChange> Changes,
    IReadOnlyDictionary<string, long> Counts
);

/// <summary>
/// Tells from what is stored, and from what agents have reported since, what a yes would set going. No cluster is asked: each resource with
/// a reconciler is looked at then, and made to be as the backup says.
/// </summary>
internal sealed class RestorePlan(PrimaryDatabase database, ObservingMode mode, KindStores stores)
{
    public const int MaxChanges = 1_000;
    private const string Delete = "delete";
    private const string Apply = "apply";
    private const string Reported = "reported";
    private const string Check = "check";

    public async Task<RestoreState> ReadAsync(CancellationToken cancellationToken)
    {
        var observing = await mode.FindAsync(cancellationToken);
        if (observing is null)
        {
            return new(null, [], new Dictionary<string, long>());
        }

        var reported = await ReportedAsync(observing.RestoredAt, cancellationToken);
        var changes = new List<PlannedChange>();
        var counts = new[] { Delete, Apply, Reported, Check }.ToDictionary(static c => c, static _ => 0L);
        await using var command = database.CreateCommand(
            $"select kind, name, deleting, observed_generation, generation from {Tables.ReconcileState} order by kind, name"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (kind, name) = (reader.GetString(0), reader.GetString(1));
            var (change, detail) = Judge(
                reader.GetBoolean(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                reported.Contains((kind, name))
            );
            counts[change]++;
            if (change != Check && changes.Count < MaxChanges)
            {
                changes.Add(new(stores.Kinds.Find(kind)?.Singular ?? kind, name, change, detail));
            }
        }

        return new(observing, changes, counts);
    }

    private static (string Change, string Detail) Judge(bool deleting, long observed, long generation, bool reported) =>
        deleting ? (Delete, "its deletion was asked for before the backup")
        : observed == 0 ? (Apply, "it was never acted on yet")
        : observed < generation ? (Apply, $"its generation is {generation}, and {observed} was acted on")
        : reported ? (Reported, "its agent has reported since, and not what it had reported before the backup")
        : (Check, "");

    /// <summary>Whom a report belongs to that is another than the one in the backup: one that says the same changes nothing.</summary>
    private async Task<HashSet<(string Kind, string Name)>> ReportedAsync(
        DateTimeOffset since,
        CancellationToken cancellationToken
    )
    {
        var reported = new HashSet<(string, string)>();
        foreach (var kind in stores.Kinds.Kinds.Where(AgentScope.IsReport))
        {
            foreach (var (reference, sql) in stores[kind].References.Where(static r => r.Reference.Owner))
            {
                await using var command = database.CreateCommand(
                    $"select {sql} from {stores[kind].Table} where mt_last_modified > $1"
                );
                command.Parameters.Add(new() { Value = since.ToUniversalTime() });
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    reported.Add((stores.Kinds[reference.Kind].Plural, reader.GetString(0)));
                }
            }
        }

        return reported;
    }
}
