using Threeport.Modules.Workloads.WorkloadInstances;

namespace Threeport.Modules.Workloads.WorkloadObservations;

/// <summary>
/// What the agent sees of a workload instance; it has that instance's name. Written by agents, read by the instance's
/// reconciler, which turns it into status and conditions.
/// </summary>
[Summary("What the agent sees of a workload instance of the same name.")]
public sealed class WorkloadObservation : Resource<WorkloadObservationSpec, NoStatus>, IKind
{
    public static string Plural => "workload-observations";

    public static string Singular => "workload-observation";
}

/// <summary>What was seen.</summary>
public sealed record WorkloadObservationSpec
{
    [Reference(typeof(WorkloadInstance), Owner = true)]
    [Immutable]
    [Summary("The instance that was looked at: the name of this resource.")]
    public string WorkloadInstance { get; init; } = "";

    [Column("RUNTIME", 10)]
    [Summary("The runtime that it was seen on: the agent may only report on its own.")]
    public string KubernetesRuntimeInstance { get; init; } = "";

    [Column("HEALTH", 20)]
    [Summary("Healthy, Progressing or Unhealthy: the worst of the objects.")]
    public string Health { get; init; } = "";

    [Summary("The one line that matters first: why it is not healthy.")]
    public string Message { get; init; } = "";

    [Column("READY", 30)]
    [Summary("Pods that are ready.")]
    public int ReadyPods { get; init; }

    [Summary("Pods that are wanted.")]
    public int WantedPods { get; init; }

    [Summary("What there is, objects that were applied first, then what they made (ReplicaSets, Pods).")]
    public IReadOnlyList<ObservedObject> Objects { get; init; } = [];
}

/// <summary>One object in the cluster.</summary>
public sealed record ObservedObject
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    /// <summary>Null for objects of the whole cluster.</summary>
    public string? Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary><c>Kind/name</c> of the object that made this one; null for those that were applied.</summary>
    public string? Owner { get; init; }

    /// <summary>Healthy, Progressing, Unhealthy or Missing.</summary>
    public required string Health { get; init; }

    /// <summary>In a word or a number: <c>3/5</c>, <c>Running</c>, <c>Active</c>, <c>Pending</c>.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Why it is not healthy, with the cluster's own reason: <c>ImagePullBackOff registry.example.com/web:1.9</c>.</summary>
    public string Message { get; init; } = "";

    /// <summary>When the cluster made it.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>For applied objects: the hash of the fields that we own, as seen now.</summary>
    public string? FieldsHash { get; init; }

    /// <summary>Differs from what was applied: <c>Changed</c> or <c>Deleted</c>; null when it does not.</summary>
    public string? Drift { get; init; }
}
