using System.CommandLine;
using Threeport.Cli.Clusters;
using Threeport.Cli.Configuration;
using Threeport.Cli.Output;
using Threeport.Installation;
using Threeport.Kubernetes;

namespace Threeport.Cli.Commands;

/// <summary><c>upgrade</c> of a control plane in a cluster: what is begun, continued or taken back.</summary>
internal static class UpgradeInCluster
{
    public static async Task<int> RunAsync(
        Terminal terminal,
        ParseResult result,
        InstallationRecord record,
        CancellationToken cancellationToken
    )
    {
        UpgradeOptions.Refuse(result, UpgradeOptions.Binary, "of a control plane in a cluster");
        var entry =
            ConfigFile.Load().ControlPlanes.Find(c => c.Name == record.Plan.Name)
            ?? throw new FailureException(
                $"\"{record.Plan.Name}\" was not installed to its end: `qleetctl up --name {record.Plan.Name}` goes on."
            );
        Begin(terminal, result, record);
        if (record.Upgrade is not { } state)
        {
            return await NothingToDoAsync(terminal, result, record, new(entry), cancellationToken);
        }

        using var cluster = await OpenAsync(result, record, cancellationToken);
        var plan = record.Plan.As(state.IsGoingBack ? state.From : state.To);
        var upgrade = new Upgrade(
            cluster,
            plan,
            ClusterOptions.Existing,
            UpgradeOptions.Limit(result),
            TimeProvider.System
        )
        {
            KeepsServers = result.GetValue(UpgradeOptions.KeepServers),
        };
        var settings = new UpgradeSettings(
            UpgradeOptions.Limit(result),
            ArchivesOf(result, record, plan),
            BackupOf(terminal, result, state, entry),
            question => result.GetValue(UpgradeOptions.Yes) || UpgradeOptions.Confirmed(terminal, question)
        );
        record.Save();
        return await new ClusterUpgrade(terminal, record, upgrade, new(entry), settings).RunAsync(cancellationToken);
    }

    /// <summary>Decides what is to be done: what was begun, what is asked for, or nothing.</summary>
    private static void Begin(Terminal terminal, ParseResult result, InstallationRecord record)
    {
        var name = record.Plan.Name;
        if (result.GetValue(UpgradeOptions.Back))
        {
            record.Upgrade ??= Return(record);
            record.Upgrade.IsGoingBack = true;
            return;
        }

        var to = new Release(
            result.GetValue(UpgradeOptions.Registry) ?? record.Plan.Registry,
            result.GetValue(UpgradeOptions.Tag) ?? record.Upgrade?.To.Tag ?? CommandTree.Version
        );
        if (record.Upgrade is { Done.Count: > 0 } begun)
        {
            Continue(
                terminal,
                begun,
                to,
                name,
                isAsked: result.GetValue(UpgradeOptions.Tag) is not null
                    || result.GetValue(UpgradeOptions.Registry) is not null
            );
            return;
        }

        record.Upgrade = null;
        RequireWell(record.Plan.As(to));
        if (to.IsSameAs(record.Plan.Release))
        {
            return;
        }

        if (!result.GetValue(UpgradeOptions.Yes) && !terminal.ErrorIsInteractive)
        {
            throw new FailureException($"This moves {name} from {record.Plan.Tag} to {to}. Say --yes.", ExitCode.Usage);
        }

        record.Upgrade = new()
        {
            From = record.Plan.Release,
            To = to,
            Backup = NewBackup(result, record),
        };
    }

    private static void Continue(Terminal terminal, UpgradeState begun, Release to, string name, bool isAsked)
    {
        if (begun.IsGoingBack)
        {
            terminal.Error.WriteLine($"The upgrade of {name} to {begun.To} is being taken back; that goes on.");
        }
        else if (isAsked && !to.IsSameAs(begun.To))
        {
            throw new FailureException(
                $"An upgrade of {name} to {begun.To} is under way: `qleetctl upgrade --name {name}` goes on with it, with --back it is taken back."
            );
        }
        else
        {
            terminal.Error.WriteLine($"The upgrade of {name} to {begun.To} was begun; it goes on.");
        }
    }

    /// <summary>What was done to its end is undone as what was not.</summary>
    private static UpgradeState Return(InstallationRecord record)
    {
        if (record.Previous is not { } previous)
        {
            throw new FailureException(
                $"There is no version before {record.Plan.Release} to go back to: it was not upgraded from here, or went back already."
            );
        }

        return new()
        {
            From = previous,
            To = record.Plan.Release,
            Done = { ClusterUpgrade.KeepStep },
        };
    }

    private static Step? ArchivesOf(ParseResult result, InstallationRecord record, InstallationPlan plan)
    {
        if (record.Provider != KindProvider.Name)
        {
            UpgradeOptions.Refuse(result, UpgradeOptions.Images, "where the nodes pull images");
            return null;
        }

        record.Images = result.GetValue(UpgradeOptions.Images) is { } given ? Path.GetFullPath(given) : record.Images;
        var wanted = new InstallationRecord
        {
            Provider = record.Provider,
            Kubeconfig = record.Kubeconfig,
            Context = record.Context,
            Images = record.Images,
            Plan = plan,
            Eks = record.Eks,
        };
        return new KindProvider(wanted).Archives;
    }

    private static string? NewBackup(ParseResult result, InstallationRecord record)
    {
        if (result.GetValue(UpgradeOptions.NoBackup))
        {
            return null;
        }

        if (result.GetValue(UpgradeOptions.BackupFile) is not { } given)
        {
            var folder = Path.GetDirectoryName(InstallationRecord.FileOf(record.Plan.Name))!;
            return UpgradeBackup.PathFor(folder, record.Plan.Name, record.Plan.Tag);
        }

        return File.Exists(given)
            ? throw new FailureException(
                $"--backup: {given} is there already. Choose another name, or remove it.",
                ExitCode.Usage
            )
            : Path.GetFullPath(given);
    }

    private static UpgradeBackup? BackupOf(
        Terminal terminal,
        ParseResult result,
        UpgradeState state,
        ControlPlane entry
    )
    {
        if (result.GetValue(UpgradeOptions.NoBackup))
        {
            state.Backup = null;
        }

        if (state.IsGoingBack || state.Backup is not { } path)
        {
            return null;
        }

        var passphrase = File.Exists(path) ? null : PassphraseOption.Read(terminal, result, twice: true);
        return new(entry, path, passphrase);
    }

    /// <summary>Agents may still be on their way.</summary>
    private static async Task<int> NothingToDoAsync(
        Terminal terminal,
        ParseResult result,
        InstallationRecord record,
        UpgradeApi api,
        CancellationToken cancellationToken
    )
    {
        var name = record.Plan.Name;
        var lines = new StepLines(terminal, $"qleetctl upgrade --name {name}");
        string? version = null;
        await lines.RunAsync(
            new Step(
                "Versions",
                async (_, token) =>
                {
                    version = (await api.VersionsAsync(token)).Version;
                    return $"{name} is {record.Plan.Release} already, and says that it is {version}";
                }
            ),
            cancellationToken
        );
        var wait = new AgentWait(
            api,
            version,
            UpgradeOptions.Limit(result),
            text => terminal.Error.WriteLine($"Warning: {text}")
        );
        await lines.RunAsync(new Step("Agents", wait.RunAsync), cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>The cluster that it is in, by another kubeconfig where one is named.</summary>
    private static async Task<ClusterClient> OpenAsync(
        ParseResult result,
        InstallationRecord record,
        CancellationToken cancellationToken
    )
    {
        if (result.GetValue(UpgradeOptions.Kubeconfig) is { } kubeconfig)
        {
            record.Kubeconfig = Path.GetFullPath(kubeconfig);
        }

        record.Context = result.GetValue(UpgradeOptions.Context) ?? record.Context;
        return await KnownCluster.OpenAsync(record, cancellationToken);
    }

    private static void RequireWell(InstallationPlan plan)
    {
        var wrong = plan.Check().ToList();
        if (wrong.Count > 0)
        {
            throw new FailureException(string.Join('\n', wrong), ExitCode.Usage);
        }
    }
}
