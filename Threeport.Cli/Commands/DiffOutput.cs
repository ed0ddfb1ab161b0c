using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Files;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary>What would change, resource by resource, as a coloured diff of what clients write.</summary>
internal static class DiffOutput
{
    /// <returns>Whether there is any difference.</returns>
    public static async Task<bool> WriteAsync(
        Session session,
        IReadOnlyList<ResourceDocument> resources,
        JsonArray results,
        CancellationToken cancellationToken
    )
    {
        var differs = false;
        for (var i = 0; i < resources.Count; i++)
        {
            var (document, action) = (resources[i], results[i]!["action"].Text());
            session.Terminal.Out.WriteLine(
                Style.Bold(session.Terminal, $"{document.Kind.Singular}/{document.Name}") + $" would be {action}"
            );
            if (action == "unchanged")
            {
                continue;
            }

            differs = true;
            var current = await session.Client.TrySendAsync(
                ApiRequest.Get(Session.PathOf(document.Kind, document.Name)),
                cancellationToken
            );
            var before = current is { Status: 200, Body: JsonObject there } ? Written(there) : "";
            WriteLines(session.Terminal, TextDiff.Lines(before, Written((JsonObject)results[i]!["resource"]!)));
        }

        return differs;
    }

    /// <summary>Labels and spec as YAML: a manifest in it is shown line by line, so that the diff goes down to its objects.</summary>
    private static string Written(JsonObject resource) =>
        Yaml.Write(
            Json.Object(
                ("labels", resource["labels"] is JsonObject { Count: > 0 } labels ? labels : null),
                ("spec", resource["spec"])
            )
        );

    private static void WriteLines(Terminal terminal, IReadOnlyList<(char Mark, string Line)> lines)
    {
        foreach (var (mark, line) in lines)
        {
            terminal.Out.WriteLine(
                mark switch
                {
                    '+' => Style.Added(terminal, $"  + {line}"),
                    '-' => Style.Removed(terminal, $"  - {line}"),
                    '@' => Style.Dim(terminal, $"  {line}"),
                    _ => $"    {line}",
                }
            );
        }
    }
}
