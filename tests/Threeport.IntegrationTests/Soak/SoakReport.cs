using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Threeport.IntegrationTests.Soak;

/// <summary>What came of it: the table that is printed, and the same as JSON with all that was read.</summary>
internal sealed record SoakReport(
    int Seed,
    double Seconds,
    Ledger Ledger,
    Audit Audit,
    IReadOnlyList<string> NotConverged,
    double ConvergedInSeconds,
    Canary Canary,
    IReadOnlyCollection<Kill> Kills,
    Gauges? Gauges
)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public bool IsGood =>
        Audit.Lost.Count == 0
        && Audit.Doubled.Count == 0
        && NotConverged.Count == 0
        && Gauges?.Growth() is not { IsGrowing: true };

    public string Table()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in Lines())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{name, -44} {value}");
        }

        foreach (var bad in Audit.Lost.Concat(Audit.Doubled).Concat(NotConverged).Take(20))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  ! {bad}");
        }

        return text.ToString();
    }

    public string Json() =>
        JsonSerializer.Serialize(
            new
            {
                Seed,
                Seconds,
                Good = IsGood,
                Counts = Lines().ToDictionary(static l => l.Name, static l => l.Value),
                Audit.Lost,
                Audit.Doubled,
                NotConverged,
                Kills,
                Gauges = Gauges?.Read,
                Growth = Gauges?.Growth(),
            },
            Indented
        );

    private IEnumerable<(string Name, string Value)> Lines()
    {
        var writes = Ledger.Writes;
        yield return ("writes sent", Text(writes.Count));
        yield return ("  answered", Text(writes.Count(static w => w.IsAnswered)));
        foreach (
            var refused in writes
                .Where(static w => w.Status >= 300)
                .GroupBy(static w => w.Status)
                .OrderBy(static g => g.Key)
        )
        {
            yield return ($"  refused with {refused.Key}", Text(refused.Count()));
        }

        yield return ("    of these 503, stored nevertheless", Text(Audit.StoredThoughUnavailable));
        yield return ("  without an answer", Text(writes.Count(static w => w.Status is null)));
        yield return ("    of these stored", Text(Audit.StoredUnanswered));
        yield return ("reads", Text(Ledger.Reads));
        yield return ("lost (answered or seen, and not there)", Text(Audit.Lost.Count));
        yield return ("doubled (done twice, or though refused)", Text(Audit.Doubled.Count));
        yield return ("not converged at the end", Text(NotConverged.Count));
        yield return ("converged in, after the last write", $"{ConvergedInSeconds:F1} s");
        foreach (var kills in Kills.GroupBy(static k => k.What).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            yield return (
                kills.Key,
                $"{kills.Count()} times, recovered in {kills.Average(static k => k.RecoveredInSeconds):F1} s, at most {kills.Max(static k => k.RecoveredInSeconds):F1} s"
            );
        }

        yield return (
            "longest from a write's first try to the cluster",
            $"{Canary.Longest.TotalSeconds:F1} s of {Canary.Rounds}"
        );
        yield return ("longest that a client had no answer", $"{Ledger.LongestGap.TotalSeconds:F1} s");
        if (Gauges is not null)
        {
            yield return ("memory and handles of the host not killed", GrowthText(Gauges));
        }
    }

    private static string GrowthText(Gauges gauges) =>
        gauges.Growth() is { } g
            ? $"{g.FirstMegabytes:F0} → {g.LastMegabytes:F0} MB (managed heap {g.FirstHeap:F0} → {g.LastHeap:F0}), {g.FirstHandles:F0} → {g.LastHandles:F0} handles{(g.IsGrowing ? ": growing" : "")}"
            : "too short to say (10 minutes)";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
