using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Threeport.Kubernetes;

/// <summary>What every Kubernetes object must have before it is worth sending to a cluster.</summary>
internal static partial class ManifestRules
{
    /// <returns>What is wrong, or null.</returns>
    public static string? Check(JsonObject content)
    {
        if (Text(content, "kind") is not { } kind || !Kind().IsMatch(kind))
        {
            return content["kind"] is null ? "an object has no kind" : "kind must be a word such as Deployment";
        }

        if (Text(content, "apiVersion") is not { } version || !ApiVersion().IsMatch(version))
        {
            return content["apiVersion"] is null
                ? $"{kind} has no apiVersion"
                : $"{kind}: apiVersion must be such as v1 or apps/v1";
        }

        return content["metadata"] switch
        {
            JsonObject metadata => Metadata(kind, metadata),
            null => $"{kind} has no metadata.name",
            _ => $"{kind}: metadata must be a map",
        };
    }

    private static string? Metadata(string kind, JsonObject metadata)
    {
        if (metadata["name"] is null)
        {
            return metadata["generateName"] is null
                ? $"{kind} has no metadata.name"
                : $"{kind} has no metadata.name; metadata.generateName is not enough, because it would be made anew each time";
        }

        if (Text(metadata, "name") is not { } name || !IsName(name))
        {
            return $"{kind}: metadata.name must be a string of 1 to 253 characters without spaces, / and %";
        }

        if (metadata["namespace"] is not null && (Text(metadata, "namespace") is not { } ns || !IsNamespace(ns)))
        {
            return $"{kind} {name}: metadata.namespace must be a DNS label: 1 to 63 of a-z, 0-9 and -";
        }

        if (kind == "Namespace" && !IsNamespace(name))
        {
            return $"Namespace {name}: metadata.name must be a DNS label: 1 to 63 of a-z, 0-9 and -";
        }

        return Strings(kind, name, metadata, "labels") ?? Strings(kind, name, metadata, "annotations");
    }

    private static string? Strings(string kind, string name, JsonObject metadata, string field)
    {
        if (metadata[field] is null)
        {
            return null;
        }

        var wrong = metadata[field] is JsonObject map
            ? map.Where(p => p.Value is not null && Text(map, p.Key) is null).Select(static p => p.Key).FirstOrDefault()
            : "";
        return wrong switch
        {
            null => null,
            "" => $"{kind} {name}: metadata.{field} must be a map of strings",
            _ => $"{kind} {name}: metadata.{field}.{wrong} must be a string; put it in quotes",
        };
    }

    private static string? Text(JsonObject map, string field) =>
        map[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 253
        && name is not ("." or "..")
        && !name.Any(static c => c is '/' or '%' || char.IsControl(c) || char.IsWhiteSpace(c));

    private static bool IsNamespace(string name) => Label().IsMatch(name);

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]{0,62}\z")]
    private static partial Regex Kind();

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[a-z][a-z0-9]{0,62}\z")]
    private static partial Regex ApiVersion();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Label();
}
