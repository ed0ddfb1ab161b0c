using System.Text.Json.Nodes;

namespace Threeport.Benchmarks;

/// <summary>Pairs of measurements, ours and theirs in turn, and the median of their ratios.</summary>
internal sealed class Report
{
    private readonly JsonArray _results = [];

    /// <summary>Everything could be measured.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <param name="name">What is measured.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="pairs">How many pairs, after one that does not count.</param>
    /// <param name="ours">Measures our side.</param>
    /// <param name="theirs">Measures the other.</param>
    public async Task MeasureAsync(
        string name,
        string unit,
        int pairs,
        Func<Task<double>> ours,
        Func<Task<double>> theirs
    )
    {
        List<(double Ours, double Theirs)> measured;
        try
        {
            measured = await PairsAsync(pairs, ours, theirs);
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException)
        {
            IsComplete = false;
            Console.WriteLine($"{name, -44} not measured: {exception.Message}");
            _results.Add(new JsonObject { ["name"] = name, ["error"] = exception.Message });
            return;
        }

        var ratios = measured.Select(static p => p.Ours / p.Theirs).Order().ToArray();
        var (a, b) = (Median(measured.Select(static p => p.Ours)), Median(measured.Select(static p => p.Theirs)));
        Console.WriteLine(
            $"{name, -44} {a, 10:0.0} {b, 10:0.0} {unit, -6} {Median(ratios), 7:0.00}   {ratios[0]:0.00} – {ratios[^1]:0.00}"
        );
        _results.Add(
            new JsonObject
            {
                ["name"] = name,
                ["unit"] = unit,
                ["ours"] = new JsonArray([.. measured.Select(static p => JsonValue.Create(p.Ours))]),
                ["theirs"] = new JsonArray([.. measured.Select(static p => JsonValue.Create(p.Theirs))]),
                ["ratio"] = Median(ratios),
                ["ratioMin"] = ratios[0],
                ["ratioMax"] = ratios[^1],
            }
        );
    }

    public static void Head() =>
        Console.WriteLine($"{"", -44} {"ours", 10} {"theirs", 10} {"", -6} {"ratio", 7}   min – max of the pairs");

    public Task WriteAsync(string file) =>
        File.WriteAllTextAsync(
            file,
            new JsonObject
            {
                ["at"] = TimeProvider.System.GetUtcNow().ToString("O"),
                ["processors"] = Environment.ProcessorCount,
                ["system"] = Environment.OSVersion.VersionString,
                ["results"] = _results,
            }.ToJsonString(new() { WriteIndented = true })
        );

    private static async Task<List<(double Ours, double Theirs)>> PairsAsync(
        int pairs,
        Func<Task<double>> ours,
        Func<Task<double>> theirs
    )
    {
        await ours();
        await theirs();
        var measured = new List<(double Ours, double Theirs)>(pairs);
        for (var i = 0; i < pairs; i++)
        {
            measured.Add((await ours(), await theirs()));
        }

        return measured;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
