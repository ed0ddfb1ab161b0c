using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.Runtime;

namespace Threeport.Server.Writing;

/// <summary>Whether two values say the same, judged by their JSON: the order of an object's members does not count.</summary>
internal static class SameJson
{
    public static bool Are(object? a, object? b, Type type)
    {
        if (ReferenceEquals(a, b))
        {
            return true;
        }

        var (left, right) = (
            JsonSerializer.SerializeToUtf8Bytes(a, type, ResourceJson.Wire),
            JsonSerializer.SerializeToUtf8Bytes(b, type, ResourceJson.Wire)
        );
        // Nearly always the bytes tell. A dictionary that came out of the database may be in another order.
        return left.AsSpan().SequenceEqual(right)
            || (left.Length == right.Length && JsonNode.DeepEquals(JsonNode.Parse(left), JsonNode.Parse(right)));
    }
}
