using System.CommandLine;
using System.Reflection;
using Threeport.Cli.Commands;

namespace Threeport.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    public static string Version { get; } =
        typeof(CommandTree)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "0.0.0";

    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand(
            """
            qleetctl tells a Threeport control plane what should run and where.

            Exit codes: 0 done; 1 failed, or diff found a difference; 2 not ready in time; 3 wrong usage; 130 interrupted.
            """
        )
        {
            UpCommand.Up(terminal),
            UpCommand.Down(terminal),
            UpgradeCommand.Create(terminal),
            UpCommand.Status(terminal),
            ApplyCommand.Create(terminal),
            ApplyCommand.Apply(terminal),
            ApplyCommand.Diff(terminal),
            GetCommand.Create(terminal),
            DescribeCommand.Create(terminal),
            TreeCommand.Create(terminal),
            EventsCommand.Create(terminal),
            EditCommand.Create(terminal),
            DeleteCommand.Create(terminal),
            WaitCommand.Create(terminal),
            WatchCommand.Create(terminal),
            HistoryCommand.History(terminal),
            HistoryCommand.Rollback(terminal),
            AuthCommand.Create(terminal),
            AuditCommand.Create(terminal),
            KeysCommand.Create(terminal),
            BackupCommand.Create(terminal),
            RestoreCommand.Create(terminal),
            ConfigCommand.Create(terminal),
            KindsCommand.Kinds(terminal),
            KindsCommand.Explain(terminal),
            ApiCommand.Create(terminal),
            CompletionCommand.Scripts(terminal),
            VersionCommand(terminal),
            Options.ControlPlane,
            Options.RequestTimeout,
            Options.Verbose,
            Options.NoColour,
        };
        root.Add(CompletionCommand.Complete(terminal, () => root));
        return root;
    }

    private static Command VersionCommand(Terminal terminal)
    {
        var command = new Command("version", "Print the version of qleetctl");
        command.SetAction(_ =>
        {
            terminal.Out.WriteLine($"qleetctl {Version}");
            return ExitCode.Done;
        });
        return command;
    }
}
