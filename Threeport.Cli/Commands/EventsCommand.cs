using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>events</c>: what happened to a resource, with counts.</summary>
internal static class EventsCommand
{
    private static readonly Argument<string[]> What = Options.What("KIND NAME, or KIND/NAME");
    private static readonly Option<string> Format = Options.Output("table", "table", "json", "yaml");

    public static Command Create(Terminal terminal) =>
        new Command("events", "Show what happened to a resource, newest first") { What, Format }
            .WithExamples("qleetctl events workload-instance billing")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var (kind, name) = await SingleAsync(session, result.GetValue(What)!, cancellationToken);
                    var events = await DescribeCommand.ItemsAsync(
                        session,
                        $"{Session.PathOf(kind, name)}/events",
                        cancellationToken
                    );
                    Write(session.Terminal, events, result.GetValue(Format)!);
                    return ExitCode.Done;
                }
            );

    public static async Task<(Kinds.Kind Kind, string Name)> SingleAsync(
        Session session,
        IReadOnlyList<string> words,
        CancellationToken cancellationToken
    )
    {
        var targets = CommandExtensions.Targets(words);
        return targets is [(var kind, { } name)]
            ? (await session.KindAsync(kind, cancellationToken), name)
            : throw new FailureException("Name one resource: KIND NAME, or KIND/NAME.", ExitCode.Usage);
    }

    public static string[] Row(JsonNode e, string indent) =>
        [
            indent + Age.Of(e["lastSeen"].Text(), TimeProvider.System.GetUtcNow()),
            "×" + e["count"].Text(),
            e["type"].Text(),
            e["reason"].Text(),
            e["source"].Text(),
            e["message"].Text(),
        ];

    private static void Write(Terminal terminal, IReadOnlyList<JsonNode> events, string format)
    {
        var list = new JsonArray([.. events.Select(static e => e.DeepClone())]);
        switch (format)
        {
            case "json":
                terminal.Out.WriteLine(Json.Write(list));
                break;
            case "yaml":
                terminal.Out.Write(Yaml.Write(list));
                break;
            case "table" when events.Count == 0:
                terminal.Error.WriteLine("Nothing has happened.");
                break;
            default:
                var table = new Table("LAST", "COUNT", "TYPE", "REASON", "FROM", "") { StatusColumn = 2 };
                foreach (var e in events)
                {
                    table.Add(Row(e, ""));
                }

                table.Write(terminal);
                break;
        }
    }
}
