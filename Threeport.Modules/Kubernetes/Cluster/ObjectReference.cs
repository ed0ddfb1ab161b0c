using System.Text.Json.Nodes;

namespace Threeport.Kubernetes;

/// <summary>Names one Kubernetes object.</summary>
/// <param name="ApiVersion"><c>v1</c>, <c>apps/v1</c>.</param>
/// <param name="Kind"><c>Deployment</c>.</param>
/// <param name="Namespace">Null for objects of the whole cluster.</param>
/// <param name="Name">Its name.</param>
public sealed record ObjectReference(string ApiVersion, string Kind, string? Namespace, string Name)
{
    /// <summary>The name of an object as it is written in JSON.</summary>
    public static ObjectReference Of(JsonObject content) =>
        new(
            content["apiVersion"]?.GetValue<string>() ?? "",
            content["kind"]?.GetValue<string>() ?? "",
            content["metadata"]?["namespace"]?.GetValue<string>(),
            content["metadata"]?["name"]?.GetValue<string>() ?? ""
        );

    /// <summary><c>Deployment web in namespace shop</c>: for people.</summary>
    public override string ToString() =>
        Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Name} in namespace {Namespace}";
}
