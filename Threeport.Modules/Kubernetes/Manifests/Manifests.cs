using System.Text.Json.Nodes;
using Threeport.Kubernetes.Yaml;

namespace Threeport.Kubernetes;

/// <summary>Reads Kubernetes manifests: YAML of any number of documents, as kubectl reads it, within limits.</summary>
public static class Manifests
{
    /// <summary>Of one text.</summary>
    public const int MaximumBytes = 1024 * 1024;

    /// <summary>Of one text.</summary>
    public const int MaximumObjects = 500;

    private const int MaximumErrors = 20;
    private static readonly YamlLimits Limits = new(MaximumBytes, Depth: 64, Nodes: 20_000, Aliases: true);

    /// <returns>The objects in the order written; documents that are empty are skipped, lists are taken apart.</returns>
    /// <exception cref="ManifestException">It is not YAML, not Kubernetes objects, or beyond the limits.</exception>
    public static IReadOnlyList<Manifest> Parse(string yaml)
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlReader.Read(yaml, Limits);
        }
        catch (YamlFormatException exception)
        {
            throw new ManifestException([At(exception.Document, exception.Line, exception.Message)]);
        }

        var errors = new List<string>();
        var manifests = new List<Manifest>();
        foreach (var document in documents.Where(static d => d.Root is not null))
        {
            Add(document, document.Root!, manifests, errors);
        }

        AddDuplicates(manifests, errors);
        if (manifests.Count > MaximumObjects)
        {
            errors.Insert(0, $"{manifests.Count} objects; at most {MaximumObjects} are allowed");
        }

        return errors.Count == 0 ? manifests : throw new ManifestException([.. errors.Take(MaximumErrors)]);
    }

    private static void Add(YamlDocument document, JsonNode node, List<Manifest> manifests, List<string> errors)
    {
        if (node is not JsonObject content)
        {
            errors.Add(
                At(document.Number, document.Line, "a Kubernetes object is a map with apiVersion, kind and metadata")
            );
            return;
        }

        var line = document.LineOf(content);
        if (IsList(content, out var items))
        {
            foreach (var item in items.ToArray())
            {
                items.Remove(item);
                Add(document, item ?? JsonValue.Create(""), manifests, errors);
            }
        }
        else if (ManifestRules.Check(content) is { } wrong)
        {
            errors.Add(At(document.Number, line, wrong));
        }
        else
        {
            manifests.Add(new(document.Number, line, content));
        }
    }

    /// <remarks><c>List</c>, and typed lists such as <c>ConfigMapList</c> too, as kubectl has it: what tells is the items.</remarks>
    private static bool IsList(JsonObject content, out JsonArray items)
    {
        items = content["items"] as JsonArray ?? [];
        return content["items"] is JsonArray
            && content["kind"] is JsonValue kind
            && kind.TryGetValue<string>(out var name)
            && name.EndsWith("List", StringComparison.Ordinal);
    }

    private static void AddDuplicates(List<Manifest> manifests, List<string> errors)
    {
        var seen = new Dictionary<(string, string, string?, string), Manifest>();
        foreach (var manifest in manifests)
        {
            var r = manifest.Reference;
            // Another version of the same group is the same object.
            var group = r.ApiVersion.IndexOf('/') is var slash and > 0 ? r.ApiVersion[..slash] : "";
            if (!seen.TryAdd((group, r.Kind, r.Namespace, r.Name), manifest))
            {
                var first = seen[(group, r.Kind, r.Namespace, r.Name)];
                errors.Add(
                    At(
                        manifest.Document,
                        manifest.Line,
                        $"{r} is there already, in document {first.Document}, line {first.Line}"
                    )
                );
            }
        }
    }

    private static string At(int document, int line, string message) => $"document {document}, line {line}: {message}";
}
