using Threeport.Modules.ControlPlanes.ControlPlaneDefinitions;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

namespace Threeport.Modules.ControlPlanes.ControlPlaneInstances;

/// <summary>A Threeport control plane in a cluster: the one that is asked, registered by <c>qleetctl up</c>.</summary>
[Summary(
    "A Threeport control plane in a cluster: the one that is asked, registered by qleetctl up. Deleting it forgets it; qleetctl down removes the control plane."
)]
public sealed class ControlPlaneInstance : Resource<ControlPlaneInstanceSpec, ControlPlaneInstanceStatus>, IKind
{
    public static string Plural => "control-plane-instances";

    public static string Singular => "control-plane-instance";

    public static IReadOnlyList<string> ShortNames => ["cpi"];
}

/// <summary>What is asked for.</summary>
public sealed record ControlPlaneInstanceSpec
{
    [Reference(typeof(ControlPlaneDefinition))]
    [Immutable]
    [Summary("The definition that it is an instance of.")]
    public string ControlPlaneDefinition { get; init; } = "";

    [Column("RUNTIME", 10)]
    [Reference(typeof(KubernetesRuntimeInstance))]
    [Immutable]
    [Summary("The runtime that it is in.")]
    public string KubernetesRuntimeInstance { get; init; } = "";

    [Column("NAMESPACE", 20, Wide = true)]
    [Immutable]
    [Summary("The namespace that it is in.")]
    public string Namespace { get; init; } = "";

    [Column("ENDPOINT", 30)]
    [Summary("Where its API is reached from outside its cluster, https://host:port.")]
    public string ApiServerEndpoint { get; init; } = "";

    [Summary("The CA of its certificates, PEM.")]
    public string CaCert { get; init; } = "";

    [Summary(
        "Whether it is the first of its group, made by qleetctl up; there are no others yet, so true is all that is taken."
    )]
    public bool Genesis { get; init; }

    [Column("SELF", 40, Wide = true)]
    [Summary("Whether it is the one that is asked; it makes no others yet, so true is all that is taken.")]
    public bool IsSelf { get; init; }
}

/// <summary>What was found.</summary>
public sealed record ControlPlaneInstanceStatus
{
    [Column("VERSION", 50)]
    [Summary("The version that its API runs: the tag of its image.")]
    public string? Version { get; set; }

    [Column("READY", 10, AfterStatus = true)]
    [Summary("Replicas that are ready, of those wanted, of all its servers: 4/4.")]
    public string? Ready { get; set; }

    [Summary("Where its API is reached from inside its cluster.")]
    public string? Endpoint { get; set; }

    [Summary("Its servers in the cluster; a PostgreSQL or NATS of the user's own is not among them.")]
    public IReadOnlyList<ControlPlaneServer> Servers { get; set; } = [];
}

/// <summary>A server that a control plane consists of.</summary>
public sealed record ControlPlaneServer
{
    /// <summary>What it is called: <c>api</c>, <c>controllers</c>, <c>postgres</c>, <c>nats</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The image of its pods.</summary>
    public string? Image { get; init; }

    /// <summary>How many replicas are wanted.</summary>
    public int Replicas { get; init; }

    /// <summary>How many of them are ready.</summary>
    public int ReadyReplicas { get; init; }

    /// <summary>How many of them are as it was last changed to be.</summary>
    public int UpdatedReplicas { get; init; }
}
