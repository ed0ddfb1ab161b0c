using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>kinds</c> and <c>explain</c>: what the control plane knows.</summary>
internal static class KindsCommand
{
    public static Command Kinds(Terminal terminal) =>
        new Command("kinds", "List the kinds of this control plane").Does(
            terminal,
            static async (session, _, cancellationToken) =>
            {
                var table = new Table("KIND", "SHORT", "MODULE", "");
                foreach (var kind in (await session.KindsAsync(cancellationToken)).All)
                {
                    table.Add(kind.Plural, string.Join(",", kind.ShortNames), kind.Module, kind.Summary);
                }

                table.Write(session.Terminal);
                return ExitCode.Done;
            }
        );

    public static Command Explain(Terminal terminal)
    {
        var what = new Argument<string>("KIND[.FIELD]")
        {
            Description = "workload-instance, or workload-instance.spec.driftPolicy",
        };
        return new Command("explain", "Tell what a kind is and what its fields mean") { what }
            .WithExamples("qleetctl explain workload-instance")
            .Does(
                terminal,
                async (session, result, cancellationToken) =>
                {
                    var path = result.GetValue(what)!.Split('.');
                    var kind = await session.KindAsync(path[0], cancellationToken);
                    JsonNode schema = kind.Schema;
                    foreach (var field in path.Skip(1))
                    {
                        schema =
                            schema["properties"]?[field]
                            ?? throw new FailureException(
                                $"{kind.Singular} has no field \"{field}\".{Suggest.Hint(field, (schema["properties"] as JsonObject ?? []).Select(static p => p.Key))}"
                            );
                    }

                    session.Terminal.Out.WriteLine(
                        path.Length == 1 ? $"{kind.Singular}: {kind.Summary}" : Line(path[^1], schema)
                    );
                    Write(session.Terminal, schema, "  ");
                    return ExitCode.Done;
                }
            );
    }

    private static void Write(Terminal terminal, JsonNode schema, string indent)
    {
        foreach (var (name, field) in schema["properties"] as JsonObject ?? [])
        {
            terminal.Out.WriteLine(indent + Line(name, field!));
            Write(terminal, field!, indent + "  ");
        }
    }

    private static string Line(string name, JsonNode schema)
    {
        var notes = new List<string>();
        if (schema["x-threeport-reference"] is { } kind)
        {
            notes.Add($"the name of one of {kind.Text()}");
        }

        string[] flags = ["immutable", "sensitive", "from-file"];
        notes.AddRange(flags.Where(f => schema[$"x-threeport-{f}"] is not null));
        var type = schema["type"] is JsonArray types
            ? string.Join("|", types.Select(static t => t.Text()))
            : schema["type"].Text();
        var note = notes.Count > 0 ? $" ({string.Join(", ", notes)})" : "";
        return $"{name} <{type}>{note}  {schema["description"].Text()}".TrimEnd();
    }
}
