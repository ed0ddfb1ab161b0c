using System.CommandLine;
using Threeport.Cli.Clusters;
using Threeport.Cli.Configuration;
using Threeport.Cli.Local;

namespace Threeport.Cli.Commands;

/// <summary><c>upgrade</c> of the one process on this machine.</summary>
internal static class UpgradeOnMachine
{
    public static async Task<int> RunAsync(
        Terminal terminal,
        ParseResult result,
        string name,
        CancellationToken cancellationToken
    )
    {
        foreach (
            var option in new Option[]
            {
                UpgradeOptions.Tag,
                UpgradeOptions.Registry,
                UpgradeOptions.Images,
                UpgradeOptions.Kubeconfig,
                UpgradeOptions.Context,
                UpgradeOptions.KeepServers,
            }
        )
        {
            UpgradeOptions.Refuse(result, option, "of a control plane on this machine");
        }

        var config = ConfigFile.Load();
        var entry = config.ControlPlanes.Find(c => c.Name == name);
        if (entry is not { Data: { } data })
        {
            throw new FailureException(
                entry is null
                    ? $"There is no control plane \"{name}\" in {config.Path}.{Suggest.Hint(name, config.ControlPlanes.Select(static c => c.Name))}"
                    : $"\"{name}\" was not installed from this machine: there is nothing known here of how it runs."
            );
        }

        var local = new LocalControlPlane(data);
        if (result.GetValue(UpgradeOptions.Back))
        {
            return await new LocalUpgrade(terminal, local, entry, UpgradeOptions.Limit(result)).BackAsync(
                cancellationToken
            );
        }

        if (!result.GetValue(UpgradeOptions.Yes) && !terminal.ErrorIsInteractive)
        {
            throw new FailureException(
                $"This stops {name} and starts another version of it. Say --yes.",
                ExitCode.Usage
            );
        }

        var binary = LocalControlPlane.FindBinary(result.GetValue(UpgradeOptions.Binary));
        return await new LocalUpgrade(terminal, local, entry, UpgradeOptions.Limit(result)).RunAsync(
            binary,
            () => LocalBackup(terminal, result, entry),
            question => result.GetValue(UpgradeOptions.Yes) || UpgradeOptions.Confirmed(terminal, question),
            cancellationToken
        );
    }

    private static UpgradeBackup? LocalBackup(Terminal terminal, ParseResult result, ControlPlane entry)
    {
        if (result.GetValue(UpgradeOptions.NoBackup))
        {
            return null;
        }

        var folder = Path.GetDirectoryName(InstallationRecord.FileOf(entry.Name))!;
        var path = result.GetValue(UpgradeOptions.BackupFile) ?? UpgradeBackup.PathFor(folder, entry.Name, "before");
        return new(entry, Path.GetFullPath(path), PassphraseOption.Read(terminal, result, twice: true));
    }
}
