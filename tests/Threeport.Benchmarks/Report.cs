using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threeport.Benchmarks;

/// <summary>The table, and the file: a list of name, ours, reference, ratio, goal, met.</summary>
internal sealed class Report(TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<JsonObject> _rows = [];

    /// <summary>Everything that was asked for could be measured.</summary>
    public bool IsComplete { get; private set; } = true;

    public static void Head()
    {
        Console.WriteLine(
            $"{"", -62} {"ours", 10} {"reference", 10} {"", -5} {"ratio", 7} {"min – max", 15}  {"goal", -8} met"
        );
    }

    /// <summary>Both sides, measured in turn: the median of the pairs' ratios is what the goal is about.</summary>
    /// <param name="name">What is measured, against what.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="goal">Of the ratio; null where there is none and the row only explains another.</param>
    /// <param name="pairs">What was measured.</param>
    public void Compare(string name, string unit, Goal? goal, IReadOnlyList<(double Ours, double Reference)> pairs)
    {
        var ratios = pairs.Select(static p => p.Ours / p.Reference).Order().ToArray();
        var ratio = Numbers.Median(ratios);
        var (ours, reference) = (
            Numbers.Median(pairs.Select(static p => p.Ours)),
            Numbers.Median(pairs.Select(static p => p.Reference))
        );
        Console.WriteLine(
            $"{name, -62} {Short(ours), 10} {Short(reference), 10} {unit, -5} {ratio, 7:0.000} {$"{ratios[0]:0.00} – {ratios[^1]:0.00}", 15}  {goal, -8} {Met(goal, ratio)}"
        );
        Add(
            new()
            {
                ["name"] = name,
                ["ours"] = ours,
                ["reference"] = reference,
                ["ratio"] = ratio,
                ["goal"] = goal?.ToString(),
                ["met"] = goal?.IsMet(ratio),
                ["unit"] = unit,
                ["ratioMin"] = ratios[0],
                ["ratioMax"] = ratios[^1],
                ["pairs"] = new JsonArray([
                    .. pairs.Select(static p => new JsonArray([
                        JsonValue.Create(p.Ours),
                        JsonValue.Create(p.Reference),
                    ])),
                ]),
            }
        );
    }

    /// <summary>A number that is held against a bound and not against somebody else.</summary>
    public void Bound(string name, string unit, Goal goal, double ours)
    {
        Console.WriteLine(
            $"{name, -62} {Short(ours), 10} {"", 10} {unit, -5} {"", 7} {"", 15}  {goal, -8} {Met(goal, ours)}"
        );
        Add(
            new()
            {
                ["name"] = name,
                ["ours"] = ours,
                ["reference"] = null,
                ["ratio"] = null,
                ["goal"] = goal.ToString(),
                ["met"] = goal.IsMet(ours),
                ["unit"] = unit,
            }
        );
    }

    public void Failed(string benchmark, string why)
    {
        IsComplete = false;
        Console.WriteLine($"{benchmark}: not measured. {why}");
    }

    /// <summary>Rows of benchmarks that were not asked for this time stay as they were; each says when it was measured.</summary>
    public async Task WriteAsync(string file, CancellationToken cancellationToken)
    {
        var rows = new JsonArray();
        var names = _rows.Select(static r => (string?)r["name"]).ToHashSet();
        if (
            File.Exists(file)
            && JsonNode.Parse(await File.ReadAllTextAsync(file, cancellationToken)) is JsonArray former
        )
        {
            foreach (var row in former.Where(r => !names.Contains((string?)r!["name"])))
            {
                rows.Add(row!.DeepClone());
            }
        }

        foreach (var row in _rows)
        {
            rows.Add(row.DeepClone());
        }

        await File.WriteAllTextAsync(file, rows.ToJsonString(Json), cancellationToken);
    }

    private void Add(JsonObject row)
    {
        row["at"] = time.GetUtcNow().ToString("O");
        _rows.Add(row);
    }

    private static string Met(Goal? goal, double value) =>
        goal is null ? ""
        : goal.IsMet(value) ? "yes"
        : "NO";

    private static string Short(double value) => value >= 100 ? $"{value:0}" : $"{value:0.00}";
}
