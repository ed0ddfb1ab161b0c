namespace Threeport.Cli.Output;

/// <summary>The difference of two texts, line by line, with three lines around each change.</summary>
internal static class TextDiff
{
    private const int Around = 3;

    /// <summary>Beyond this the table of the algorithm would not fit; the texts are then shown as removed and added whole.</summary>
    private const int MaxCells = 25_000_000;

    public static IReadOnlyList<(char Mark, string Line)> Lines(string before, string after)
    {
        var (a, b) = (Split(before), Split(after));
        var all =
            (long)a.Length * b.Length > MaxCells
                ? [.. a.Select(static l => ('-', l)), .. b.Select(static l => ('+', l))]
                : Compare(a, b);
        return Near(all);
    }

    private static string[] Split(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private static List<(char, string)> Compare(string[] a, string[] b)
    {
        var longest = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                longest[i, j] =
                    a[i] == b[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        var lines = new List<(char, string)>();
        var (x, y) = (0, 0);
        while (x < a.Length || y < b.Length)
        {
            if (x < a.Length && y < b.Length && a[x] == b[y])
            {
                lines.Add((' ', a[x]));
                (x, y) = (x + 1, y + 1);
            }
            else if (y >= b.Length || (x < a.Length && longest[x + 1, y] >= longest[x, y + 1]))
            {
                lines.Add(('-', a[x++]));
            }
            else
            {
                lines.Add(('+', b[y++]));
            }
        }

        return lines;
    }

    private static List<(char, string)> Near(List<(char Mark, string Line)> all)
    {
        var kept = new List<(char, string)>();
        var last = -1;
        for (var i = 0; i < all.Count; i++)
        {
            var (from, to) = (Math.Max(0, i - Around), Math.Min(all.Count - 1, i + Around));
            if (!Enumerable.Range(from, to - from + 1).Any(n => all[n].Mark is not ' '))
            {
                continue;
            }

            if (i > last + 1 && kept.Count > 0)
            {
                kept.Add(('@', "…"));
            }

            kept.Add(all[i]);
            last = i;
        }

        return kept;
    }
}
