using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Threeport.Cli.Files;

namespace Threeport.Cli.Commands;

/// <summary><c>backup</c>: everything that a control plane stores, in one file.</summary>
internal static class BackupCommand
{
    private static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "Where to write it; a name with the time when left out",
        HelpName = "FILE",
    };
    private static readonly Argument<string> Which = new("FILE") { Description = "A backup" };

    public static Command Create(Terminal terminal) =>
        new Command("backup", "Write everything that the control plane stores to one file, encrypted with a passphrase")
        {
            Output,
            PassphraseOption.File,
            Verify(terminal),
        }
            .WithExamples(
                "qleetctl backup",
                "qleetctl backup --output monday.backup --passphrase-file /run/secrets/backup",
                "qleetctl backup verify monday.backup"
            )
            .Does(terminal, RunAsync);

    /// <summary>Size and time for people.</summary>
    public static string Describe(VerifiedBackup backup) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{backup.Rows} rows of {backup.Tables} tables, as of {backup.Header.Instant:yyyy-MM-dd HH:mm:ss}Z, by threeport {backup.Header.Product}"
        );

    private static async Task<int> RunAsync(Session session, ParseResult result, CancellationToken cancellationToken)
    {
        var path = result.GetValue(Output) ?? NameFor(session);
        if (File.Exists(path))
        {
            throw new FailureException(
                $"--output: {path} is there already. Choose another name, or remove it.",
                ExitCode.Usage
            );
        }

        var passphrase = PassphraseOption.Read(session.Terminal, result, twice: true);
        var written = await BackupFile.WriteAsync(
            path,
            passphrase,
            file =>
                session.Client.DownloadAsync(
                    "/v0/backups",
                    new JsonObject { ["passphrase"] = passphrase },
                    file,
                    cancellationToken
                ),
            cancellationToken
        );
        session.Terminal.Out.WriteLine($"{path}: {Describe(written)}");
        session.Terminal.Error.WriteLine(
            "It has the keys of all sensitive values. Without its passphrase it is of no use, to you either."
        );
        return ExitCode.Done;
    }

    private static Command Verify(Terminal terminal)
    {
        var command = new Command("verify", "Read a backup to its end, without a control plane")
        {
            Which,
            PassphraseOption.File,
        }.WithExamples("qleetctl backup verify monday.backup");
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var path = result.GetValue(Which)!;
                var passphrase = PassphraseOption.Read(terminal, result, twice: false);
                var verified = await BackupFile.VerifyAsync(path, passphrase, cancellationToken);
                terminal.Out.WriteLine($"{path} is whole: {Describe(verified)}");
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static string NameFor(Session session) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"threeport-{session.ControlPlane.Name}-{TimeProvider.System.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}.backup"
        );
}
