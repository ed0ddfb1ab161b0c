using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Endpoints;

/// <summary>The body of <c>POST …/events</c>.</summary>
internal static class EventList
{
    private const int MaxEvents = 500;
    private const int MaxReason = 100;
    private const int MaxMessage = 2_000;

    public static IReadOnlyList<ResourceEventRecord> Read(JsonNode? body)
    {
        if (body is not JsonArray { Count: > 0 and <= MaxEvents } list)
        {
            throw new ProblemException(Problems.BadRequest($"The body must be a list of 1 to {MaxEvents} events."));
        }

        return [.. list.Select(static (node, index) => Read(node, index))];
    }

    private static ResourceEventRecord Read(JsonNode? node, int index)
    {
        ResourceEventRecord? read;
        try
        {
            read = node.Deserialize<ResourceEventRecord>(ResourceJson.Wire);
        }
        catch (JsonException e)
        {
            throw Wrong(index, (e.Path ?? "$")[1..].Replace('.', '/'), "Is not known here, or has the wrong type.");
        }

        if (read is null || string.IsNullOrEmpty(read.Reason) || read.Reason.Length > MaxReason)
        {
            throw Wrong(index, "/reason", $"Must be 1 to {MaxReason} characters.");
        }

        return read.Message is null ? throw Wrong(index, "/message", "Is required.")
            : !Enum.IsDefined(read.Type) ? throw Wrong(index, "/type", "Must be Normal or Warning.")
            : read.Source is not { Length: <= MaxReason }
                ? throw Wrong(index, "/source", $"Has at most {MaxReason} characters.")
            : read.Count is < 1 ? throw Wrong(index, "/count", "Must be 1 or more.")
            : read with
            {
                Message = read.Message.Length > MaxMessage ? read.Message[..MaxMessage] + "…" : read.Message,
            };
    }

    private static ProblemException Wrong(int index, string field, string detail) =>
        new(Problems.Validation(new ProblemError($"/{index}{field}", detail)));
}
