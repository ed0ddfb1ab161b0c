using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>auth</c>: who you are, what you may do, and the tokens of others.</summary>
internal static class AuthCommand
{
    private static readonly Option<string> Format = Options.Output("table", "table", "json");
    private static readonly Argument<string> Verb = new("VERB")
    {
        Description = "read, create, update, delete, events, reconcile, reveal",
    };
    private static readonly Argument<string> What = new("KIND")
    {
        Description = "A kind, or credentials, audit, keys, backups",
    };

    public static Command Create(Terminal terminal) =>
        new("auth", "Show who you are and what you may do; issue and revoke credentials")
        {
            WhoAmI(terminal),
            CanI(terminal),
            TokenCommand.Create(terminal),
            CertificateCommand.Create(terminal),
        };

    private static Command WhoAmI(Terminal terminal) =>
        new Command("whoami", "Show as whom the control plane knows you, and what you may do") { Format }
            .WithExamples("qleetctl auth whoami")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var me = await AskAsync(session, cancellationToken);
                    if (result.GetValue(Format) == "json")
                    {
                        session.Terminal.Out.WriteLine(Json.Write(me));
                    }
                    else
                    {
                        Write(session.Terminal, me);
                    }

                    return ExitCode.Done;
                }
            );

    private static Command CanI(Terminal terminal) =>
        new Command("can-i", "Tell whether you may do something: exit 0 for yes, 1 for no") { Verb, What }
            .WithExamples("qleetctl auth can-i delete workload-instances")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var (verb, what) = (result.GetValue(Verb)!, result.GetValue(What)!);
                    var kinds = await session.KindsAsync(cancellationToken);
                    var target = kinds.Find(what)?.Plural ?? what;
                    var rights = (await AskAsync(session, cancellationToken))["rights"] as JsonObject ?? [];
                    var may = rights[target] is JsonArray verbs && verbs.Any(v => v.Text() == verb);
                    session.Terminal.Out.WriteLine(may ? "yes" : "no");
                    return may ? ExitCode.Done : ExitCode.Failed;
                }
            );

    private static async Task<JsonObject> AskAsync(Session session, CancellationToken cancellationToken) =>
        (await session.Client.SendAsync(ApiRequest.Get("/v0/auth"), cancellationToken)).Body as JsonObject ?? [];

    private static void Write(Terminal terminal, JsonObject me)
    {
        Line("name", me["name"].Text());
        Line("roles", List(me["roles"]));
        Line("groups", List(me["groups"]));
        Line("by", me["means"].Text());
        Line("until", me["expiresAt"].Text());
        terminal.Out.WriteLine();
        var table = new Table("MAY", "ON");
        foreach (var verbs in (me["rights"] as JsonObject ?? []).GroupBy(static r => List(r.Value), static r => r.Key))
        {
            table.Add(verbs.Key, string.Join(", ", verbs));
        }

        table.Write(terminal);

        void Line(string what, string value)
        {
            if (value.Length > 0)
            {
                terminal.Out.WriteLine($"{what, -8} {value}");
            }
        }
    }

    private static string List(JsonNode? list) =>
        string.Join(", ", (list as JsonArray ?? []).Select(static v => v.Text()));
}
