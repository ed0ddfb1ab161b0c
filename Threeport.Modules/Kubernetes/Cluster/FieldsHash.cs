using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threeport.Kubernetes;

/// <summary>
/// A hash over the fields of an object that we own, as its <c>managedFields</c> say: whoever else changes one of them takes it
/// from us, and the hash is another. Defaulted fields are nobody's, so they never count; the metadata alone is enough.
/// </summary>
public static class FieldsHash
{
    /// <summary>Servers before 1.22 do not note who scales: there, the number itself has to tell.</summary>
    private static readonly string[] Scaled = ["Deployment", "StatefulSet", "ReplicaSet"];

    /// <returns>32 hexadecimal digits, or null when we own nothing of it.</returns>
    public static string? Of(JsonObject content, string manager = ClusterClient.FieldManager)
    {
        if (Owned(content, manager) is not { } fields)
        {
            return null;
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            Write(writer, fields);
            if (IsScaled(content) && fields["f:spec"]?["f:replicas"] is not null)
            {
                Write(writer, content["spec"]?["replicas"]);
            }

            writer.WriteEndArray();
        }

        var hash = SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        return Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }

    private static bool IsScaled(JsonObject content) =>
        content["apiVersion"]?.GetValue<string>() == "apps/v1"
        && Scaled.Contains(content["kind"]?.GetValue<string>(), StringComparer.Ordinal);

    private static JsonObject? Owned(JsonObject content, string manager) =>
        (content["metadata"]?["managedFields"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(e => e["manager"]?.GetValue<string>() == manager)
            .Where(static e => e["operation"]?.GetValue<string>() == "Apply")
            .Where(static e => string.IsNullOrEmpty(e["subresource"]?.GetValue<string>()))
            .Select(static e => e["fieldsV1"] as JsonObject)
            .FirstOrDefault();

    /// <summary>In order of name: servers do not promise one.</summary>
    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is not JsonObject map)
        {
            (node ?? JsonValue.Create("")).WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var (name, value) in map.OrderBy(static p => p.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }
}
