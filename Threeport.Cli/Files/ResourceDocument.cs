using System.Text.Json.Nodes;
using Threeport.Cli.Kinds;

namespace Threeport.Cli.Files;

/// <summary>A resource as a file states it, with where each of its fields stands.</summary>
internal sealed record ResourceDocument(Kind Kind, string Name, JsonObject Body, string File)
{
    /// <summary>The line of each field, by its JSON pointer in <see cref="Body"/>.</summary>
    public required IReadOnlyDictionary<string, int> Lines { get; init; }

    /// <summary>For <c>/spec/a/0/b</c>, the line of the nearest field above it that the file has.</summary>
    public int LineOf(string pointer)
    {
        for (var at = pointer; ; at = at[..at.LastIndexOf('/')])
        {
            if (Lines.TryGetValue(at, out var line))
            {
                return line;
            }

            if (at.LastIndexOf('/') < 0)
            {
                return 1;
            }
        }
    }

    /// <summary><c>shop.yaml:7: WorkloadDefinition "shop": spec.yamlDocument: …</c></summary>
    public string Describe(string pointer, string detail) =>
        $"{File}:{LineOf(pointer)}: {Kind.PascalName} \"{Name}\": {Connection.ApiProblem.Field(pointer)}{detail}";
}
