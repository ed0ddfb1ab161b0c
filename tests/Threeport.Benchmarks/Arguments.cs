namespace Threeport.Benchmarks;

/// <summary>Where the two sides are; <c>build/bench</c> starts them.</summary>
internal sealed record Arguments(IReadOnlyDictionary<string, string> Values)
{
    private static readonly string[] Names =
    [
        "ours",
        "ours-ca",
        "ours-token",
        "ours-api",
        "ours-api-ca",
        "ours-api-token",
        "kubernetes",
        "kubernetes-ca",
        "kubernetes-token",
        "kubeconfig",
        "qleetctl",
        "kubectl",
        "out",
        "pairs",
        "seconds",
    ];

    public string this[string name] =>
        Values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"--{name} is missing.");

    public int Pairs => int.Parse(this["pairs"], null);

    public TimeSpan Window => TimeSpan.FromSeconds(int.Parse(this["seconds"], null));

    public static Arguments Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i].TrimStart('-');
            if (!Names.Contains(name) || i + 1 == arguments.Count)
            {
                throw new ArgumentException(
                    $"{arguments[i]}: allowed are {string.Join(", ", Names.Select(static n => $"--{n} VALUE"))}."
                );
            }

            values[name] = arguments[i + 1];
        }

        return new(values);
    }
}
