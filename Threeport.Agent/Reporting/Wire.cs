using System.Text.Json.Serialization;
using Threeport.Api;

namespace Threeport.Agent.Reporting;

/// <summary>The spec of a <c>workload-observation</c>, as the control plane reads it.</summary>
internal sealed record WorkloadObservationSpec
{
    public required string WorkloadInstance { get; init; }

    public required string KubernetesRuntimeInstance { get; init; }

    public required string Health { get; init; }

    public required string Message { get; init; }

    public required int ReadyPods { get; init; }

    public required int WantedPods { get; init; }

    public required IReadOnlyList<ObservedObject> Objects { get; init; }
}

/// <summary>One object of it.</summary>
internal sealed record ObservedObject
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public string? Namespace { get; init; }

    public required string Name { get; init; }

    public string? Owner { get; init; }

    public required string Health { get; init; }

    public string Summary { get; init; } = "";

    public string Message { get; init; } = "";

    public DateTimeOffset? CreatedAt { get; init; }

    public string? FieldsHash { get; init; }

    public string? Drift { get; init; }
}

/// <summary>The spec of a <c>kubernetes-runtime-observation</c>.</summary>
internal sealed record RuntimeObservationSpec
{
    public required string KubernetesRuntimeInstance { get; init; }

    public required string AgentVersion { get; init; }

    public required DateTimeOffset SeenAt { get; init; }

    public string? Version { get; init; }

    public int? Nodes { get; init; }

    public required int Workloads { get; init; }

    public required int Objects { get; init; }
}

/// <summary>One resource of <c>POST /v0/apply</c>.</summary>
internal sealed record AppliedResource(string Kind, string Name, WorkloadObservationSpec Spec);

/// <summary>The body of <c>POST /v0/apply</c>.</summary>
internal sealed record ApplyBody(IReadOnlyList<AppliedResource> Resources);

/// <summary>The body of a PUT.</summary>
internal sealed record PutBody(RuntimeObservationSpec Spec);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ApplyBody))]
[JsonSerializable(typeof(PutBody))]
[JsonSerializable(typeof(WorkloadObservationSpec))]
[JsonSerializable(typeof(List<ResourceEventRecord>))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class WireJson : JsonSerializerContext;
