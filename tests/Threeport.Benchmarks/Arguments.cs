namespace Threeport.Benchmarks;

/// <summary>What <c>build/bench</c> hands over: where the programs are, and what is to be measured.</summary>
internal sealed record Arguments(IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Names)
{
    private static readonly string[] Options = ["dist", "kubernetes", "work", "out", "pairs", "seconds"];

    public string this[string name] =>
        Values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"--{name} is missing.");

    public int Pairs => Number("pairs");

    public TimeSpan Window => TimeSpan.FromSeconds(Number("seconds"));

    /// <exception cref="ArgumentException">They make no sense; the message says what is allowed.</exception>
    public static Arguments Parse(IReadOnlyList<string> arguments, IReadOnlyCollection<string> benchmarks)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["pairs"] = "5", ["seconds"] = "5" };
        var names = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                names.Add(argument);
            }
            else if (Options.Contains(argument[2..]) && ++i < arguments.Count)
            {
                values[argument[2..]] = arguments[i];
            }
            else
            {
                throw new ArgumentException(
                    $"{argument}: allowed are {string.Join(", ", Options.Select(static n => $"--{n} VALUE"))}."
                );
            }
        }

        return names.Find(n => !benchmarks.Contains(n)) is { } unknown
            ? throw new ArgumentException(
                $"There is no benchmark {unknown}; there are {string.Join(", ", benchmarks)}."
            )
            : new(values, names);
    }

    private int Number(string name) =>
        int.TryParse(this[name], out var number) && number > 0
            ? number
            : throw new ArgumentException($"--{name} {this[name]}: must be a whole number above 0.");
}
