using System.Text.Json.Nodes;

namespace Threeport.Cli.Kinds;

/// <summary>Every kind of a control plane, by whatever it may be called.</summary>
internal sealed class KindIndex
{
    private readonly Dictionary<string, Kind> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Kind Definition, Kind Instance)> _pairs = new(StringComparer.Ordinal);

    public KindIndex(JsonArray descriptions)
    {
        All = [.. descriptions.OfType<JsonObject>().Select(static d => new Kind(d))];
        foreach (var kind in All)
        {
            foreach (var name in (IEnumerable<string>)[kind.Plural, kind.Singular, .. kind.ShortNames])
            {
                _byName[Normal(name)] = kind;
            }
        }

        foreach (
            var instance in All.Where(static k => k.Singular.EndsWith(Kind.InstanceSuffix, StringComparison.Ordinal))
        )
        {
            if (All.FirstOrDefault(k => k.Singular == instance.Pair + Kind.DefinitionSuffix) is { } definition)
            {
                _pairs[Normal(instance.Pair!)] = (definition, instance);
                _pairs[Normal(instance.Pair! + "s")] = (definition, instance);
            }
        }
    }

    public IReadOnlyList<Kind> All { get; }

    public IEnumerable<string> Names => All.Select(static k => k.Plural).Concat(All.Select(static k => k.Singular));

    /// <returns>The kind, whichever spelling is used; for the word of a pair, the instances. Null when there is none.</returns>
    public Kind? Find(string name) =>
        _byName.GetValueOrDefault(Normal(name)) ?? (Pair(name) is { } pair ? pair.Instance : null);

    /// <returns>Both kinds of a pair, for its word (<c>workload</c>); null for any other word.</returns>
    public (Kind Definition, Kind Instance)? Pair(string name) =>
        !_byName.ContainsKey(Normal(name)) && _pairs.TryGetValue(Normal(name), out var pair) ? pair : null;

    /// <exception cref="FailureException">There is none.</exception>
    public Kind Require(string name) =>
        Find(name)
        ?? throw new FailureException(
            $"There is no kind \"{name}\".{Suggest.Hint(name, Names)} `qleetctl kinds` lists what there is.",
            ExitCode.Usage
        );

    public Kind OfPlural(string plural) => _byName[Normal(plural)];

    private static string Normal(string name) => name.Replace("-", "").ToLowerInvariant();
}
