using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>history</c> and <c>rollback</c>.</summary>
internal static class HistoryCommand
{
    private static readonly Argument<string[]> What = Options.What("KIND NAME, or KIND/NAME");
    private static readonly Option<string> Format = Options.Output("table", "table", "json", "yaml");
    private static readonly Option<long> To = new("--to")
    {
        Description = "The revision to go back to, as history lists it",
        HelpName = "REVISION",
        Required = true,
    };

    public static Command History(Terminal terminal) =>
        new Command("history", "Show who changed a resource, when, and what") { What, Format }
            .WithExamples("qleetctl history workload-definition shop-v2")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var (kind, name) = await EventsCommand.SingleAsync(
                        session,
                        result.GetValue(What)!,
                        cancellationToken
                    );
                    var rows = await DescribeCommand.ItemsAsync(
                        session,
                        $"{Session.PathOf(kind, name)}/history",
                        cancellationToken
                    );
                    Write(session.Terminal, rows, result.GetValue(Format)!);
                    return ExitCode.Done;
                }
            );

    public static Command Rollback(Terminal terminal) =>
        new Command("rollback", "Make a resource what it was at an earlier revision") { What, To }
            .WithExamples("qleetctl rollback workload-definition shop-v2 --to 7")
            .Does(terminal, RollbackAsync);

    private static async Task<int> RollbackAsync(
        Session session,
        ParseResult result,
        CancellationToken cancellationToken
    )
    {
        var (kind, name) = await EventsCommand.SingleAsync(session, result.GetValue(What)!, cancellationToken);
        var wanted = result.GetValue(To).ToString(CultureInfo.InvariantCulture);
        var rows = await DescribeCommand.ItemsAsync(
            session,
            $"{Session.PathOf(kind, name)}/history",
            cancellationToken
        );
        var row =
            rows.FirstOrDefault(r => r["revision"].Text() == wanted)
            ?? throw new FailureException(
                $"{kind.Singular}/{name} has no revision {wanted} in its history, only {string.Join(", ", rows.Select(static r => r["revision"].Text()))}."
            );
        var body = Json.Object(("labels", row["labels"]), ("spec", row["spec"]));
        var answer = await session.Client.SendAsync(
            new(HttpMethod.Put, Session.PathOf(kind, name), body),
            cancellationToken
        );
        session.Terminal.Out.WriteLine(
            $"{kind.Singular}/{name} is as it was at revision {wanted}, now revision {answer.Body!["revision"].Text()}"
        );
        return ExitCode.Done;
    }

    private static void Write(Terminal terminal, IReadOnlyList<JsonNode> rows, string format)
    {
        if (format != "table")
        {
            var list = new JsonArray([.. rows.Select(static r => r.DeepClone())]);
            terminal.Out.WriteLine((format == "json" ? Json.Write(list) : Yaml.Write(list)).TrimEnd());
            return;
        }

        var table = new Table("REVISION", "AGE", "WHO", "FROM", "WHAT", "CHANGED");
        foreach (var row in rows)
        {
            table.Add(
                row["revision"].Text(),
                Age.Of(row["at"].Text(), TimeProvider.System.GetUtcNow()),
                row["actor"].Text(),
                row["from"].Text(),
                row["verb"].Text(),
                string.Join(", ", (row["changes"] as JsonArray ?? []).Select(Change!))
            );
        }

        table.Write(terminal);
    }

    /// <summary><c>spec.size: 1 → 2</c>, without values that do not fit a line.</summary>
    private static string Change(JsonNode change)
    {
        var field = ApiProblem.Field(change["pointer"].Text()).TrimEnd(' ', ':');
        var (old, now) = (change["old"].Text(), change["new"].Text());
        return old.Length + now.Length > 60 || old.Contains('\n') || now.Contains('\n') ? field
            : old.Length == 0 ? $"{field}: {now}"
            : $"{field}: {old} → {now}";
    }
}
