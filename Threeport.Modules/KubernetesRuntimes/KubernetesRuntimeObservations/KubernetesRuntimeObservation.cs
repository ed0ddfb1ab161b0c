using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeObservations;

/// <summary>
/// What the agent says of the runtime that it runs on; it has that runtime's name. Written by the agent every half minute as
/// its sign of life, read by the runtime's reconciler.
/// </summary>
[Summary("What the agent says of the runtime of the same name: its sign of life.")]
public sealed class KubernetesRuntimeObservation : Resource<KubernetesRuntimeObservationSpec, NoStatus>, IKind
{
    public static string Plural => "kubernetes-runtime-observations";

    public static string Singular => "kubernetes-runtime-observation";
}

/// <summary>What was seen.</summary>
public sealed record KubernetesRuntimeObservationSpec
{
    [Reference(typeof(KubernetesRuntimeInstance), Owner = true)]
    [Immutable]
    [Summary("The runtime that the agent runs on: the name of this resource.")]
    public string KubernetesRuntimeInstance { get; init; } = "";

    [Column("AGENT", 10)]
    [Summary("The agent's version.")]
    public string AgentVersion { get; init; } = "";

    [Summary("When the agent wrote this, by its own clock.")]
    public DateTimeOffset SeenAt { get; init; }

    [Column("VERSION", 20)]
    [Summary("The Kubernetes version, v1.33.1.")]
    public string? Version { get; init; }

    [Column("NODES", 30)]
    [Summary("How many nodes are registered.")]
    public int? Nodes { get; init; }

    [Column("WORKLOADS", 40)]
    [Summary("How many workloads the agent looks at.")]
    public int Workloads { get; init; }

    [Summary("How many Kubernetes objects the agent looks at.")]
    public int Objects { get; init; }
}
