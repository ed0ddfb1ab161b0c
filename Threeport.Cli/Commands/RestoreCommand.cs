using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Files;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>restore</c>: a backup into an empty control plane, a look at what it would do, and the yes.</summary>
internal static class RestoreCommand
{
    /// <summary>More than the control plane takes for one.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(35);

    private static readonly Argument<string?> Which = new("FILE")
    {
        Description = "A backup",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask" };
    private static readonly Option<string> Format = Options.Output("table", "table", "json");

    public static Command Create(Terminal terminal) =>
        new Command(
            "restore",
            "Restore a backup into an empty control plane, which then only observes until `restore confirm`"
        )
        {
            Which,
            PassphraseOption.File,
            Yes,
            Show(terminal),
            Confirm(terminal),
        }
            .WithExamples(
                "qleetctl restore monday.backup",
                "qleetctl restore show         what it would change",
                "qleetctl restore confirm      let it"
            )
            .Does(terminal, RunAsync);

    private static async Task<int> RunAsync(Session session, ParseResult result, CancellationToken cancellationToken)
    {
        var path =
            result.GetValue(Which)
            ?? throw new FailureException("Which? Write the file: qleetctl restore FILE", ExitCode.Usage);
        var passphrase = PassphraseOption.Read(session.Terminal, result, twice: false);
        // Here as well: what is wrong with it is said before anything is sent.
        var verified = await BackupFile.VerifyAsync(path, passphrase, cancellationToken);
        var target = $"{session.ControlPlane.Name} at {session.ControlPlane.Endpoint}";
        if (!result.GetValue(Yes) && !Agreed(session, $"Restore {BackupCommand.Describe(verified)}, into {target}?"))
        {
            return ExitCode.Failed;
        }

        await using var file = BackupFile.Open(path);
        await session.Client.UploadAsync(
            "/v0/restore",
            new JsonObject { ["passphrase"] = passphrase },
            file,
            Limit,
            cancellationToken
        );
        session.Terminal.Out.WriteLine($"{path} is restored into {target}: {BackupCommand.Describe(verified)}");
        await PrintAsync(session, cancellationToken);
        return ExitCode.Done;
    }

    private static Command Show(Terminal terminal) =>
        new Command("show", "Show what a restored control plane would change; no cluster is asked") { Format }.Does(
            terminal,
            static async (session, result, cancellationToken) =>
            {
                if (result.GetValue(Format) == "json")
                {
                    session.Terminal.Out.WriteLine(Json.Write(await ReadAsync(session, cancellationToken)));
                }
                else
                {
                    await PrintAsync(session, cancellationToken);
                }

                return ExitCode.Done;
            }
        );

    private static Command Confirm(Terminal terminal) =>
        new Command("confirm", "Let a restored control plane go to work") { Yes }
            .WithExamples("qleetctl restore confirm --yes")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var asked = result.GetValue(Yes);
                    if (!asked)
                    {
                        await PrintAsync(session, cancellationToken);
                        if (!Agreed(session, $"Let {session.ControlPlane.Name} change what it has to?"))
                        {
                            return ExitCode.Failed;
                        }
                    }

                    var answer = await session.Client.SendAsync(
                        new(HttpMethod.Post, "/v0/restore/confirm", new JsonObject()),
                        cancellationToken
                    );
                    session.Terminal.Out.WriteLine(
                        $"{session.ControlPlane.Name} is at work: {answer.Body?["resources"].Text()} resources are looked at."
                    );
                    return ExitCode.Done;
                }
            );

    private static async Task PrintAsync(Session session, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(session, cancellationToken);
        var terminal = session.Terminal;
        if (state["observing"] is not JsonObject observing)
        {
            terminal.Out.WriteLine($"{session.ControlPlane.Name} does not wait for a yes: it is at work.");
            return;
        }

        terminal.Out.WriteLine(
            $"{session.ControlPlane.Name} only observes: {observing["restoredBy"].Text()} restored it at {observing["restoredAt"].Text()}, to what it was at {observing["instant"].Text()}."
        );
        var table = new Table("RESOURCE", "WOULD", "WHY");
        var changes = state["changes"] as JsonArray ?? [];
        foreach (var change in changes)
        {
            table.Add(
                $"{change!["kind"].Text()}/{change["name"].Text()}",
                Would(change["change"].Text()),
                change["detail"].Text()
            );
        }

        if (changes.Count > 0)
        {
            table.Write(terminal);
        }

        PrintCounts(terminal, state["counts"] as JsonObject ?? [], changes.Count);
        terminal.Out.WriteLine("`qleetctl restore confirm` lets it go to work.");
    }

    private static void PrintCounts(Terminal terminal, JsonObject counts, int shown)
    {
        var all = counts.Where(static c => c.Key != "check").Sum(static c => (long)c.Value!);
        if (all > shown)
        {
            terminal.Out.WriteLine($"… and {all - shown} more.");
        }

        terminal.Out.WriteLine(
            $"{counts["check"].Text()} resources would be checked: what differs in a cluster from the backup is made as the backup says."
        );
    }

    private static string Would(string change) =>
        change switch
        {
            "reported" => "be made as in the backup",
            "" => "",
            _ => change,
        };

    private static async Task<JsonNode> ReadAsync(Session session, CancellationToken cancellationToken) =>
        (await session.Client.SendAsync(ApiRequest.Get("/v0/restore"), cancellationToken)).Body ?? new JsonObject();

    private static bool Agreed(Session session, string question)
    {
        if (!session.Terminal.ErrorIsInteractive)
        {
            throw new FailureException($"{question} Say --yes.", ExitCode.Usage);
        }

        session.Terminal.Error.Write($"{question} [y/N] ");
        return session.Terminal.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
