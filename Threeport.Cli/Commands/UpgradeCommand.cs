using System.CommandLine;
using Threeport.Cli.Clusters;
using Threeport.Cli.Configuration;

namespace Threeport.Cli.Commands;

/// <summary><c>upgrade</c>: a control plane becomes another version while it works.</summary>
internal static class UpgradeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("upgrade", "Move a control plane to another version, or back to the one before")
        {
            UpgradeOptions.Name,
            UpgradeOptions.Tag,
            UpgradeOptions.Registry,
            UpgradeOptions.Images,
            UpgradeOptions.Binary,
            UpgradeOptions.Kubeconfig,
            UpgradeOptions.Context,
            PassphraseOption.File,
            UpgradeOptions.BackupFile,
            UpgradeOptions.NoBackup,
            UpgradeOptions.KeepServers,
            UpgradeOptions.Back,
            UpgradeOptions.Timeout,
            UpgradeOptions.Yes,
        }.WithExamples(
            "qleetctl upgrade --name prod --passphrase-file /run/secrets/backup",
            "qleetctl upgrade --name prod --image-tag 0.2.1 --no-backup --yes",
            "qleetctl upgrade --name prod --back",
            "qleetctl upgrade --threeport ./threeport"
        );
        command.SetAction((result, cancellationToken) => RunAsync(terminal, result, cancellationToken));
        return command;
    }

    /// <summary>Another version is not put over one that works without looking whether the two go together.</summary>
    /// <exception cref="FailureException"><c>up</c> was asked for one.</exception>
    public static void RefuseInstead(InstallationRecord? before, InstallationRecord wanted)
    {
        var name = wanted.Plan.Name;
        if (before?.Upgrade is { Done.Count: > 0 } begun)
        {
            throw new FailureException(
                $"An upgrade of {name} to {begun.To} is under way: `qleetctl upgrade --name {name}` goes on with it, with --back it is taken back."
            );
        }

        var isInstalled = ConfigFile.Load().ControlPlanes.Exists(c => c.Name == name);
        if (before is not null && isInstalled && !before.Plan.Release.IsSameAs(wanted.Plan.Release))
        {
            throw new FailureException(
                $"{name} is {before.Plan.Release}. `qleetctl upgrade --name {name} --image-tag {wanted.Plan.Tag}` moves it to another version."
            );
        }
    }

    private static async Task<int> RunAsync(Terminal terminal, ParseResult result, CancellationToken cancellationToken)
    {
        var name = result.GetValue(UpgradeOptions.Name)!;
        using var alone = InstallationRecord.Lock(name);
        try
        {
            return InstallationRecord.Find(name) is { } record
                ? await UpgradeInCluster.RunAsync(terminal, result, record, cancellationToken)
                : await UpgradeOnMachine.RunAsync(terminal, result, name, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Error.WriteLine(
                $"Interrupted. `qleetctl upgrade --name {name}` goes on, and `qleetctl upgrade --name {name} --back` goes back."
            );
            return ExitCode.Interrupted;
        }
    }
}
