namespace Threeport.Host.Configuration;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Words
{
    /// <returns>The nearest word if it is near, else null.</returns>
    public static string? Nearest(string word, IEnumerable<string> words) =>
        words
            .Select(w => (Word: w, Distance: Distance(word, w)))
            .Where(w => w.Distance <= Math.Max(1, word.Length / 3))
            .OrderBy(static w => w.Distance)
            .Select(static w => w.Word)
            .FirstOrDefault();

    /// <summary>How many letters must be added, removed or changed.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
