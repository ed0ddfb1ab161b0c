using Threeport.Modules.Workloads.WorkloadDefinitions;

namespace Threeport.Modules.Workloads.WorkloadRollups;

/// <summary>How all instances of a definition are, in one line.</summary>
[Summary("How all instances of a definition are, in one line.")]
public sealed class WorkloadRollup : Resource<WorkloadRollupSpec, WorkloadRollupStatus>, IKind
{
    public static string Plural => "workload-rollups";

    public static string Singular => "workload-rollup";

    public static IReadOnlyList<string> ShortNames => ["wr"];
}

/// <summary>What is asked for.</summary>
public sealed record WorkloadRollupSpec
{
    [Column("DEFINITION", 10)]
    [Reference(typeof(WorkloadDefinition), Owner = true)]
    [Immutable]
    [Summary("The definition whose instances are counted.")]
    public string WorkloadDefinition { get; init; } = "";
}

/// <summary>What was found.</summary>
public sealed record WorkloadRollupStatus
{
    [Column("INSTANCES", 20)]
    [Summary("How many there are.")]
    public int Instances { get; set; }

    [Column("HEALTHY", 30)]
    [Summary("How many of them are ready.")]
    public int Healthy { get; set; }
}
