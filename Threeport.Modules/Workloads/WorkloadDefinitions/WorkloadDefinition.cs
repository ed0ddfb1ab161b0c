namespace Threeport.Modules.Workloads.WorkloadDefinitions;

/// <summary>A set of Kubernetes manifests, to be deployed any number of times.</summary>
[Summary("A set of Kubernetes manifests, to be deployed any number of times.")]
public sealed class WorkloadDefinition : Resource<WorkloadDefinitionSpec, WorkloadDefinitionStatus>, IKind
{
    public static string Plural => "workload-definitions";

    public static string Singular => "workload-definition";

    public static IReadOnlyList<string> ShortNames => ["wd"];
}

/// <summary>What is asked for.</summary>
public sealed record WorkloadDefinitionSpec
{
    [FromFile]
    [Summary("Kubernetes manifests: YAML of one or more documents, at most 1 MiB.")]
    public string YamlDocument { get; init; } = "";
}

/// <summary>What was found.</summary>
public sealed record WorkloadDefinitionStatus
{
    [Column("OBJECTS", 10)]
    [Summary("How many Kubernetes objects the manifests make.")]
    public int Objects { get; set; }
}
