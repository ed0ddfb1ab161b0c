namespace Threeport.Cli;

/// <summary>What was probably meant.</summary>
internal static class Suggest
{
    /// <returns><c> Did you mean "x"?</c>, or nothing.</returns>
    public static string Hint(string typed, IEnumerable<string> candidates) =>
        Nearest(typed, candidates) is { } near ? $" Did you mean \"{near}\"?" : "";

    /// <returns>The nearest by edit distance; null when none is near.</returns>
    public static string? Nearest(string typed, IEnumerable<string> candidates)
    {
        var limit = Math.Max(2, typed.Length / 3);
        return candidates
            .Select(c => (Candidate: c, Distance: Distance(typed.ToLowerInvariant(), c.ToLowerInvariant())))
            .Where(c => c.Distance <= limit)
            .OrderBy(static c => c.Distance)
            .Select(static c => c.Candidate)
            .FirstOrDefault();
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
