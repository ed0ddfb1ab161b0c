using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threeport.Cli.Output;

/// <summary>Writes JSON for machines and people: indented, text as it is.</summary>
internal static class Json
{
    public static string Write(JsonNode? node)
    {
        using var stream = new MemoryStream();
        using (
            var writer = new Utf8JsonWriter(
                stream,
                new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            if (node is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                node.WriteTo(writer);
            }
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>A field by its path, <c>spec.workloadDefinition</c>; <c>status</c> and <c>message</c> alone are those of Ready.</summary>
    public static string Field(JsonNode resource, string path)
    {
        switch (path)
        {
            case "status":
                return resource["deletionRequestedAt"] is not null
                    ? "Deleting"
                    : Ready(resource)?["reason"].Text() ?? "Pending";
            case "message":
                return Ready(resource)?["message"].Text() ?? "";
        }

        var node = path.Split('.').Aggregate((JsonNode?)resource, static (n, name) => (n as JsonObject)?[name]);
        return node is JsonArray list ? string.Join(",", list.Select(static e => e.Text())) : node.Text();
    }

    public static JsonNode? Ready(JsonNode resource) =>
        (resource["conditions"] as JsonArray)?.FirstOrDefault(static c => c?["type"].Text() == "Ready");

    /// <summary>Whether the controller has acted on the current spec and found it done.</summary>
    public static bool IsReady(JsonNode resource) =>
        resource["deletionRequestedAt"] is null
        && resource["observedGeneration"].Text() == resource["generation"].Text()
        && Ready(resource)?["status"].Text() == "True";

    /// <returns>A scalar as text, without quotes; nothing for nothing.</returns>
    public static string Text(this JsonNode? node) =>
        node switch
        {
            null => "",
            JsonValue value when value.GetValueKind() is JsonValueKind.String => (string)value!,
            _ => node.ToJsonString(),
        };

    /// <summary>An object with the same members, without nulls.</summary>
    public static JsonObject Object(params IReadOnlyList<(string Name, JsonNode? Value)> members)
    {
        var made = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (value is not null)
            {
                made[name] = value.Parent is null ? value : value.DeepClone();
            }
        }

        return made;
    }
}
