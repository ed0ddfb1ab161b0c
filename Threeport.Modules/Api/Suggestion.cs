namespace Threeport.Api;

/// <summary>What was probably meant by a word that is not known.</summary>
public static class Suggestion
{
    /// <summary>What is longer is compared by its beginning: the effort grows with the square.</summary>
    private const int MaxLength = 100;

    /// <returns>The nearest candidate by edit distance, whatever the capitals; null when none is near.</returns>
    public static string? For(string typed, IEnumerable<string> candidates)
    {
        var limit = Math.Max(2, typed.Length / 3);
        return candidates
            .Where(c => Math.Abs(c.Length - typed.Length) <= limit)
            .Select(c => (Candidate: c, Distance: Distance(typed, c)))
            .Where(c => c.Distance <= limit)
            .OrderBy(static c => c.Distance)
            .Select(static c => c.Candidate)
            .FirstOrDefault();
    }

    /// <summary>Levenshtein's: how many letters must be added, removed or changed.</summary>
    private static int Distance(string a, string b)
    {
        (a, b) = (Comparable(a), Comparable(b));
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

    private static string Comparable(string text) =>
        (text.Length > MaxLength ? text[..MaxLength] : text).ToUpperInvariant();
}
