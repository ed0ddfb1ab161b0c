using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Modules.Workloads.WorkloadDefinitions;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>A workload definition deployed to one runtime.</summary>
[Summary("A workload definition deployed to one runtime.")]
public sealed class WorkloadInstance : Resource<WorkloadInstanceSpec, WorkloadInstanceStatus>, IKind
{
    public static string Plural => "workload-instances";

    public static string Singular => "workload-instance";

    public static IReadOnlyList<string> ShortNames => ["wi"];
}

/// <summary>What is asked for.</summary>
public sealed record WorkloadInstanceSpec
{
    [Column("DEFINITION", 10)]
    [Reference(typeof(WorkloadDefinition))]
    [Immutable]
    [Summary("The definition that is deployed.")]
    public string WorkloadDefinition { get; init; } = "";

    [Column("RUNTIME", 20)]
    [Reference(typeof(KubernetesRuntimeInstance))]
    [Immutable]
    [Summary("The runtime that it is deployed to; the default runtime when left out.")]
    public string KubernetesRuntimeInstance { get; init; } = "";

    [Summary("What is done about changes made by hand: Repair or Report.")]
    public string DriftPolicy { get; init; } = "Repair";
}

/// <summary>What was found.</summary>
public sealed record WorkloadInstanceStatus
{
    [Column("READY", 10, AfterStatus = true)]
    [Summary("Pods (or, without pods, objects) that are ready, of those wanted: 2/3.")]
    public string? Ready { get; set; }

    [Column("NAMESPACE", 30, Wide = true)]
    [Summary("The namespace of objects that name none.")]
    public string? Namespace { get; set; }

    [Summary("Whether that namespace was made for this instance and goes with it.")]
    public bool ManagesNamespace { get; set; }

    [Summary("The definition's generation that was last applied in full.")]
    public long AppliedGeneration { get; set; }

    [Summary("Every object that was, or may have been, applied; stored before it is applied.")]
    public IReadOnlyList<AppliedObject> Inventory { get; set; } = [];
}

/// <summary>A Kubernetes object that was applied.</summary>
public sealed record AppliedObject
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    /// <summary>Null for objects of the whole cluster.</summary>
    public string? Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>A hash of the fields that we own, as the API server answered; null until applied. Another hash seen later is drift.</summary>
    public string? FieldsHash { get; init; }

    /// <summary>The definition no longer has it: it is being removed.</summary>
    public bool Removing { get; init; }
}
