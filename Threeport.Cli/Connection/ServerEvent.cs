using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Threeport.Cli.Connection;

/// <summary>A server-sent event of the watch: put, deleted, synced or reset.</summary>
internal sealed record ServerEvent(string Name, string? Id, JsonNode? Data)
{
    public static async IAsyncEnumerable<ServerEvent> ReadAllAsync(
        StreamReader reader,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (name, id, data) = ("", (string?)null, "");
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                if (name.Length > 0)
                {
                    yield return new(name, id, JsonNode.Parse(data));
                }

                (name, id, data) = ("", null, "");
            }
            else if (line.Split(": ", 2) is [var field, var value])
            {
                (name, id, data) = field switch
                {
                    "event" => (value, id, data),
                    "id" => (name, value, data),
                    "data" => (name, id, data + value),
                    _ => (name, id, data),
                };
            }
        }
    }
}
