using System.Text.Json.Nodes;
using Threeport.Agent.Objects;
using Threeport.Kubernetes;

namespace Threeport.Agent.Workloads;

/// <summary>An object that was applied for a workload.</summary>
/// <param name="Reference">Which.</param>
/// <param name="FieldsHash">Of the fields that were applied; null while that is not known.</param>
internal sealed record AppliedObject(ObjectReference Reference, string? FieldsHash)
{
    public ObjectType Type => new(Reference.ApiVersion, Reference.Kind);
}

/// <summary>What a <c>ThreeportWorkload</c> asks to look at.</summary>
/// <param name="Id">Of the workload instance: the name of the custom resource, and the label's value on the objects.</param>
/// <param name="Name">Of the workload instance.</param>
/// <param name="Objects">In the order given, each once.</param>
internal sealed record WorkloadSpec(string Id, string Name, IReadOnlyList<AppliedObject> Objects)
{
    public static readonly ObjectType Type = new("threeport.io/v1", "ThreeportWorkload");

    /// <returns>Null when it names no workload instance: there is nobody to report on.</returns>
    public static WorkloadSpec? Of(JsonObject content)
    {
        var name = content.Text("spec", "workloadInstance");
        var objects = content
            .Each("spec", "objects")
            .Select(Applied)
            .Where(static o => o.Reference is { Kind.Length: > 0, Name.Length: > 0 })
            .DistinctBy(static o => o.Reference);
        return name.Length == 0 ? null : new(content.Text("metadata", "name"), name, [.. objects]);
    }

    private static AppliedObject Applied(JsonObject entry) =>
        new(
            new(
                string.Intern(entry.Text("apiVersion")),
                string.Intern(entry.Text("kind")),
                Filled(entry.Text("namespace")),
                entry.Text("name")
            ),
            Filled(entry.Text("fieldsHash"))
        );

    private static string? Filled(string text) => text.Length == 0 ? null : text;
}
