using System.Text.Json.Nodes;

namespace Threeport.Kubernetes;

/// <summary>A Kubernetes object as somebody wrote it down.</summary>
/// <param name="Document">The number of the document that it stands in, from 1.</param>
/// <param name="Line">Where it starts, from 1.</param>
/// <param name="Content">The object; apiVersion, kind and metadata.name are there.</param>
public sealed record Manifest(int Document, int Line, JsonObject Content)
{
    /// <summary>What it is called; the namespace is the one written down, if any.</summary>
    public ObjectReference Reference { get; } = ObjectReference.Of(Content);
}

/// <summary>Manifests that are not taken, and why: one sentence each, with document and line.</summary>
public sealed class ManifestException(IReadOnlyList<string> errors) : FormatException(string.Join("; ", errors))
{
    /// <summary><c>document 3, line 41: Deployment has no metadata.name</c>.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
