namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;

/// <summary>The shape of a Kubernetes cluster, whoever provides it.</summary>
[Summary("The shape of a Kubernetes cluster, whoever provides it.")]
public sealed class KubernetesRuntimeDefinition : Resource<KubernetesRuntimeDefinitionSpec, NoStatus>, IKind
{
    public static string Plural => "kubernetes-runtime-definitions";

    public static string Singular => "kubernetes-runtime-definition";

    public static IReadOnlyList<string> ShortNames => ["krd"];

    internal ClusterShape Shape() =>
        new()
        {
            Definition = Name,
            Account = Spec.InfraProviderAccountName,
            HighAvailability = Spec.HighAvailability,
            NodeSize = Spec.NodeSize,
            NodeProfile = Spec.NodeProfile,
            NodeMaximum = Spec.NodeMaximum,
        };
}

/// <summary>What is asked for.</summary>
public sealed record KubernetesRuntimeDefinitionSpec
{
    [Column("PROVIDER", 10)]
    [Immutable]
    [Summary("Who makes the cluster: existing (it is there already) or kind (a cluster in Docker).")]
    public string InfraProvider { get; init; } = "";

    [Summary("The account at the provider, by name; for providers that have accounts.")]
    public string? InfraProviderAccountName { get; init; }

    [Summary("Whether nodes, and what they reach the Internet through, are spread over zones.")]
    public bool HighAvailability { get; init; }

    [Column("NODE-SIZE", 20, Wide = true)]
    [Summary("2XSmall, XSmall, Small, Medium, Large, XLarge, 2XLarge, 3XLarge or 4XLarge.")]
    public string NodeSize { get; init; } = "Medium";

    [Summary("Balanced, ComputeOptimized or MemoryOptimized.")]
    public string NodeProfile { get; init; } = "Balanced";

    [Summary("How many nodes at most; 1 to 5000.")]
    public int NodeMaximum { get; init; } = 250;
}
