namespace Threeport.Kubernetes;

/// <summary>A type of object that a cluster serves.</summary>
/// <param name="ApiVersion"><c>v1</c>, <c>apps/v1</c>.</param>
/// <param name="Kind"><c>Deployment</c>.</param>
/// <param name="Plural">As in addresses: <c>deployments</c>.</param>
/// <param name="Namespaced">Whether its objects live in namespaces.</param>
/// <param name="Verbs">What can be done: <c>list</c>, <c>watch</c>, <c>patch</c>, …</param>
public sealed record ApiResource(
    string ApiVersion,
    string Kind,
    string Plural,
    bool Namespaced,
    IReadOnlyList<string> Verbs
)
{
    /// <summary>The API group; empty for the core.</summary>
    public string Group => ApiVersion.IndexOf('/') is var slash and > 0 ? ApiVersion[..slash] : "";

    /// <summary>The address of a collection, or of one object of it.</summary>
    internal string Path(string? ns, string? name) =>
        Root(ApiVersion)
        + (Namespaced && ns is not null ? $"/namespaces/{Uri.EscapeDataString(ns)}" : "")
        + $"/{Plural}"
        + (name is null ? "" : $"/{Uri.EscapeDataString(name)}");

    /// <summary>The address of an API version.</summary>
    internal static string Root(string apiVersion) =>
        apiVersion.Contains('/', StringComparison.Ordinal) ? $"/apis/{apiVersion}" : $"/api/{apiVersion}";
}
