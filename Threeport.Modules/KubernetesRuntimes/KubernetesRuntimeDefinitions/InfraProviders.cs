namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;

/// <summary>Who makes clusters: two ways of our own, and what other modules declare.</summary>
internal sealed class InfraProviders(IReadOnlyList<ClusterProvider> declared)
{
    /// <summary>The cluster is there already.</summary>
    public const string Existing = "existing";

    /// <summary>A cluster in Docker.</summary>
    public const string Kind = "kind";

    /// <summary>Every word that there is.</summary>
    public IReadOnlyList<string> Names { get; } = [Existing, Kind, .. declared.Select(static p => p.Name)];

    /// <summary>What they are, in a sentence.</summary>
    public string Summary { get; } =
        "Who makes the cluster: "
        + JoinedByOr([
            $"{Existing} (it is there already)",
            $"{Kind} (a cluster in Docker)",
            .. declared.Select(static p => $"{p.Name} ({p.Summary})"),
        ])
        + ".";

    /// <summary>Every place that some of them has clusters in.</summary>
    public IReadOnlyList<string> Locations { get; } =
    [.. KubernetesRuntimeInstances.Locations.All.Union(declared.SelectMany(static p => p.Locations))];

    /// <returns>The one that another module declares under this name; null for our own, and for what is no provider.</returns>
    public ClusterProvider? Find(string name) => declared.FirstOrDefault(p => p.Name == name);

    private static string JoinedByOr(IReadOnlyList<string> words) =>
        $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
}
