using System.Globalization;
using System.Text.Json.Nodes;

namespace Threeport.Agent.Objects;

/// <summary>Reads what may be missing, or of another type than expected, without an exception: custom resources hold anything.</summary>
internal static class JsonReading
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }

    public static string Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    public static int Count(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (int)Math.Clamp(node.Number(path) ?? 0, 0, int.MaxValue);

    public static bool Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static IEnumerable<JsonObject> Each(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray ?? []).OfType<JsonObject>();

    public static DateTimeOffset? Time(this JsonNode? node, params ReadOnlySpan<string> path) =>
        DateTimeOffset.TryParse(
            node.Text(path),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : null;

    /// <returns>The condition of that type, or null.</returns>
    public static JsonObject? Condition(this JsonNode? node, string type) =>
        node.Each("status", "conditions").FirstOrDefault(c => c.Text("type") == type);

    public static bool Is(this JsonObject? condition, string status) => condition?.Text("status") == status;
}
