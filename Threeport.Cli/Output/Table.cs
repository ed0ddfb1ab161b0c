namespace Threeport.Cli.Output;

/// <summary>Rows in aligned columns. On a terminal the last column is cut to its width; elsewhere nothing is.</summary>
internal sealed class Table(params IReadOnlyList<string> headers)
{
    private const string Gap = "   ";
    private readonly List<string[]> _rows = [];

    /// <summary>The column whose values are status words.</summary>
    public int? StatusColumn { get; init; }

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(Terminal terminal, bool withHeaders = true)
    {
        // A column without a value in any row says nothing.
        var shown = Enumerable
            .Range(0, headers.Count)
            .Where(c => c == 0 || _rows.Exists(r => r[c].Length > 0))
            .ToList();
        var widths = shown.ToDictionary(
            static c => c,
            c => _rows.Select(r => r[c].Length).Append(headers[c].Length).Max()
        );
        if (withHeaders)
        {
            terminal.Out.WriteLine(Style.Dim(terminal, Line(terminal, [.. headers], shown, widths, plain: true)));
        }

        foreach (var row in _rows)
        {
            terminal.Out.WriteLine(Line(terminal, row, shown, widths, plain: false));
        }
    }

    private string Line(Terminal terminal, string[] cells, List<int> shown, Dictionary<int, int> widths, bool plain)
    {
        var line = new System.Text.StringBuilder();
        var left = terminal.Width;
        foreach (var column in shown)
        {
            var isLast = column == shown[^1];
            var text = cells[column].ReplaceLineEndings(" ");
            var cut = isLast && text.Length > left ? text[..Math.Max(0, left - 1)] + "…" : text;
            line.Append(!plain && column == StatusColumn ? Style.Status(terminal, cut) : cut);
            if (!isLast)
            {
                line.Append(' ', widths[column] - cut.Length).Append(Gap);
            }

            left -= widths[column] + Gap.Length;
        }

        return line.ToString().TrimEnd();
    }
}
