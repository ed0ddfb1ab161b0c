using System.CommandLine;
using Threeport.Cli.Clusters;
using Threeport.Cli.Configuration;
using Threeport.Cli.Local;
using Threeport.Cli.Output;
using Threeport.Installation;
using Threeport.Kubernetes;

namespace Threeport.Cli.Commands;

/// <summary><c>upgrade</c>: a control plane becomes another version while it works.</summary>
internal static class UpgradeCommand
{
    private static readonly Option<string> Name = new("--name")
    {
        Description = "Which control plane",
        DefaultValueFactory = static _ => "local",
    };
    private static readonly Option<string?> Tag = Text(
        "--image-tag",
        "TAG",
        "The images' tag; qleetctl's own version when left out"
    );
    private static readonly Option<string?> Registry = Text(
        "--image-registry",
        "REFERENCE",
        "Where they are; where they were when left out"
    );
    private static readonly Option<string?> Binary = Text(
        "--threeport",
        "FILE",
        "Of a local one: the other threeport; beside qleetctl or on the PATH when left out"
    );
    private static readonly Option<string?> Kubeconfig = Text(
        "--kubeconfig",
        "FILE",
        "The cluster's kubeconfig; as at `up` when left out"
    );
    private static readonly Option<string?> Context = Text(
        "--context",
        "NAME",
        "The context in it; as at `up` when left out"
    );
    private static readonly Option<string?> BackupFile = Text(
        "--backup",
        "FILE",
        "Where the database is backed up to first; beside the configuration when left out"
    );
    private static readonly Option<string?> Images = Text(
        "--images",
        "DIR",
        "With kind: archives of the images; where they were when left out"
    );
    private static readonly Option<bool> NoBackup = new("--no-backup") { Description = "You have one" };
    private static readonly Option<bool> KeepServers = new("--keep-servers")
    {
        Description = "PostgreSQL and NATS stay as they are",
    };
    private static readonly Option<bool> Back = new("--back") { Description = "Go back to the version before" };
    private static readonly Option<string> Timeout = Options.Timeout("5m");
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask" };

    public static Command Create(Terminal terminal)
    {
        var command = new Command("upgrade", "Move a control plane to another version, or back to the one before")
        {
            Name,
            Tag,
            Registry,
            Images,
            Binary,
            Kubeconfig,
            Context,
            PassphraseOption.File,
            BackupFile,
            NoBackup,
            KeepServers,
            Back,
            Timeout,
            Yes,
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
        var name = result.GetValue(Name)!;
        using var alone = InstallationRecord.Lock(name);
        try
        {
            return InstallationRecord.Find(name) is { } record
                ? await InClusterAsync(terminal, result, record, cancellationToken)
                : await LocalAsync(terminal, result, name, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Error.WriteLine(
                $"Interrupted. `qleetctl upgrade --name {name}` goes on, and `qleetctl upgrade --name {name} --back` goes back."
            );
            return ExitCode.Interrupted;
        }
    }

    private static async Task<int> InClusterAsync(
        Terminal terminal,
        ParseResult result,
        InstallationRecord record,
        CancellationToken cancellationToken
    )
    {
        Refuse(result, Binary, "of a control plane in a cluster");
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
        var upgrade = new Upgrade(cluster, plan, ClusterOptions.Existing, Limit(result), TimeProvider.System)
        {
            KeepsServers = result.GetValue(KeepServers),
        };
        var settings = new UpgradeSettings(
            Limit(result),
            ArchivesOf(result, record, plan),
            BackupOf(terminal, result, state, entry),
            question => result.GetValue(Yes) || Confirmed(terminal, question)
        );
        record.Save();
        return await new ClusterUpgrade(terminal, record, upgrade, new(entry), settings).RunAsync(cancellationToken);
    }

    /// <summary>Decides what is to be done: what was begun, what is asked for, or nothing.</summary>
    private static void Begin(Terminal terminal, ParseResult result, InstallationRecord record)
    {
        var name = record.Plan.Name;
        if (result.GetValue(Back))
        {
            record.Upgrade ??= Return(record);
            record.Upgrade.IsGoingBack = true;
            return;
        }

        var to = new Release(
            result.GetValue(Registry) ?? record.Plan.Registry,
            result.GetValue(Tag) ?? record.Upgrade?.To.Tag ?? CommandTree.Version
        );
        if (record.Upgrade is { Done.Count: > 0 } begun)
        {
            Continue(
                terminal,
                begun,
                to,
                name,
                isAsked: result.GetValue(Tag) is not null || result.GetValue(Registry) is not null
            );
            return;
        }

        record.Upgrade = null;
        RequireWell(record.Plan.As(to));
        if (to.IsSameAs(record.Plan.Release))
        {
            return;
        }

        if (!result.GetValue(Yes) && !terminal.ErrorIsInteractive)
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
            Refuse(result, Images, "where the nodes pull images");
            return null;
        }

        record.Images = result.GetValue(Images) is { } given ? Path.GetFullPath(given) : record.Images;
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
        if (result.GetValue(NoBackup))
        {
            return null;
        }

        if (result.GetValue(BackupFile) is not { } given)
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
        if (result.GetValue(NoBackup))
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
        var wait = new AgentWait(api, version, Limit(result), text => terminal.Error.WriteLine($"Warning: {text}"));
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
        if (result.GetValue(Kubeconfig) is { } kubeconfig)
        {
            record.Kubeconfig = Path.GetFullPath(kubeconfig);
        }

        record.Context = result.GetValue(Context) ?? record.Context;
        return await KnownCluster.OpenAsync(record, cancellationToken);
    }

    private static async Task<int> LocalAsync(
        Terminal terminal,
        ParseResult result,
        string name,
        CancellationToken cancellationToken
    )
    {
        foreach (var option in new Option[] { Tag, Registry, Images, Kubeconfig, Context, KeepServers })
        {
            Refuse(result, option, "of a control plane on this machine");
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
        if (result.GetValue(Back))
        {
            return await new LocalUpgrade(terminal, local, entry, Limit(result)).BackAsync(cancellationToken);
        }

        if (!result.GetValue(Yes) && !terminal.ErrorIsInteractive)
        {
            throw new FailureException(
                $"This stops {name} and starts another version of it. Say --yes.",
                ExitCode.Usage
            );
        }

        var binary = LocalControlPlane.FindBinary(result.GetValue(Binary));
        return await new LocalUpgrade(terminal, local, entry, Limit(result)).RunAsync(
            binary,
            () => LocalBackup(terminal, result, entry),
            question => result.GetValue(Yes) || Confirmed(terminal, question),
            cancellationToken
        );
    }

    private static UpgradeBackup? LocalBackup(Terminal terminal, ParseResult result, ControlPlane entry)
    {
        if (result.GetValue(NoBackup))
        {
            return null;
        }

        var folder = Path.GetDirectoryName(InstallationRecord.FileOf(entry.Name))!;
        var path = result.GetValue(BackupFile) ?? UpgradeBackup.PathFor(folder, entry.Name, "before");
        return new(entry, Path.GetFullPath(path), PassphraseOption.Read(terminal, result, twice: true));
    }

    private static TimeSpan Limit(ParseResult result) => Age.Parse(result.GetValue(Timeout)!);

    private static void Refuse(ParseResult result, Option option, string what)
    {
        if (result.GetResult(option) is { Implicit: false })
        {
            throw new FailureException($"{option.Name} means nothing {what}.", ExitCode.Usage);
        }
    }

    private static void RequireWell(InstallationPlan plan)
    {
        var wrong = plan.Check().ToList();
        if (wrong.Count > 0)
        {
            throw new FailureException(string.Join('\n', wrong), ExitCode.Usage);
        }
    }

    private static bool Confirmed(Terminal terminal, string question)
    {
        if (!terminal.ErrorIsInteractive)
        {
            throw new FailureException($"{question} Say --yes.", ExitCode.Usage);
        }

        terminal.Error.Write($"{question} [y/N] ");
        return terminal.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };
}
