using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>audit</c>: who did what, allowed or denied.</summary>
internal static class AuditCommand
{
    private static readonly Option<string?> Actor = new("--actor") { Description = "Who did it", HelpName = "NAME" };
    private static readonly Option<string?> What = new("--kind")
    {
        Description = "To which kind; or tokens, certificates, keys",
        HelpName = "KIND",
    };
    private static readonly Option<string?> Name = new("--name")
    {
        Description = "To which resource",
        HelpName = "NAME",
    };
    private static readonly Option<bool> Denied = new("--denied") { Description = "Only what was denied" };
    private static readonly Option<string?> Since = new("--since")
    {
        Description = "Not longer ago than this",
        HelpName = "DURATION",
    };
    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "At most so many",
        HelpName = "NUMBER",
        DefaultValueFactory = static _ => 50,
    };
    private static readonly Option<string> Format = Options.Output("table", "table", "json");

    public static Command Create(Terminal terminal) =>
        new Command("audit", "Show who did what, allowed or denied, newest first")
        {
            Actor,
            What,
            Name,
            Denied,
            Since,
            Limit,
            Format,
        }
            .WithExamples(
                "qleetctl audit --denied --since 24h",
                "qleetctl audit --actor alice --kind workload-instances"
            )
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var entries = await ReadAsync(
                        session,
                        await QueryAsync(session, result, cancellationToken),
                        result.GetValue(Limit),
                        cancellationToken
                    );
                    if (result.GetValue(Format) == "json")
                    {
                        session.Terminal.Out.WriteLine(Json.Write(new JsonArray([.. entries])));
                    }
                    else if (entries.Count == 0)
                    {
                        session.Terminal.Error.WriteLine("There is nothing of that in the audit.");
                    }
                    else
                    {
                        Write(session.Terminal, entries);
                    }

                    return ExitCode.Done;
                }
            );

    private static async Task<string> QueryAsync(
        Session session,
        ParseResult result,
        CancellationToken cancellationToken
    )
    {
        var kind = result.GetValue(What);
        var target = kind is null ? null : (await session.KindsAsync(cancellationToken)).Find(kind)?.Plural ?? kind;
        var since = result.GetValue(Since) is { } span
            ? (TimeProvider.System.GetUtcNow() - Age.Parse(span)).ToString("O", CultureInfo.InvariantCulture)
            : null;
        (string, string?)[] parts =
        [
            ("actor", result.GetValue(Actor)),
            ("target", target),
            ("name", result.GetValue(Name)),
            ("allowed", result.GetValue(Denied) ? "false" : null),
            ("since", since),
        ];
        return string.Concat(
            parts
                .Where(static p => p.Item2 is not null)
                .Select(static p => $"&{p.Item1}={Uri.EscapeDataString(p.Item2!)}")
        );
    }

    private static async Task<List<JsonNode>> ReadAsync(
        Session session,
        string query,
        int most,
        CancellationToken cancellationToken
    )
    {
        var entries = new List<JsonNode>();
        string? next = "";
        while (next is not null && entries.Count < most)
        {
            var more = next.Length == 0 ? "" : $"&continue={next}";
            var size = Math.Clamp(most - entries.Count, 1, 500);
            var answer = await session.Client.SendAsync(
                ApiRequest.Get($"/v0/audit?limit={size}{query}{more}"),
                cancellationToken
            );
            entries.AddRange((answer.Body?["items"] as JsonArray ?? []).Select(static e => e!.DeepClone()));
            next = answer.Body?["continue"] is { } token ? token.Text() : null;
        }

        return entries;
    }

    private static void Write(Terminal terminal, List<JsonNode> entries)
    {
        var table = new Table("WHEN", "WHO", "FROM", "", "DID", "REVISION", "");
        foreach (var entry in entries)
        {
            var name = entry["name"] is null ? "" : $"/{entry["name"].Text()}";
            table.Add(
                entry["at"].Text()[..19].Replace('T', ' '),
                entry["actor"].Text(),
                entry["from"].Text(),
                entry["allowed"].Text() == "true" ? "" : "DENIED",
                $"{entry["verb"].Text()} {entry["target"].Text()}{name}",
                entry["newRevision"].Text(),
                entry["detail"].Text()
            );
        }

        table.Write(terminal);
    }
}
