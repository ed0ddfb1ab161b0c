using System.CommandLine;
using Threeport.Cli.Clusters;
using Threeport.Cli.Clusters.Eks;
using Threeport.Cli.Configuration;
using Threeport.Kubernetes;

namespace Threeport.Cli.Commands;

/// <summary><c>up</c> and <c>down</c> of a control plane in a Kubernetes cluster.</summary>
internal static class ClusterCommands
{
    public const string Kubernetes = "kubernetes";

    public static async Task<int> UpAsync(
        Terminal terminal,
        ParseResult result,
        string name,
        string provider,
        CancellationToken cancellationToken
    )
    {
        using var alone = InstallationRecord.Lock(name);
        var before = InstallationRecord.Find(name);
        if (before is null && ConfigFile.Load().ControlPlanes.Exists(c => c.Name == name))
        {
            throw new FailureException($"\"{name}\" is another control plane. Choose another name with --name.");
        }

        var record = ClusterOptions.Record(result, name, provider, before);
        RefuseToMove(record, before);
        RefuseOnTheWayBack(record);
        UpgradeCommand.RefuseInstead(before, record);
        try
        {
            await InstallAsync(terminal, record, ClusterOptions.Own(result), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new InterruptedException(() => InterruptedAsync(terminal, record));
        }

        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"  qleetctl --control-plane {name} get workload-instances");
        terminal.Out.WriteLine($"  qleetctl down --name {name}");
        return ExitCode.Done;
    }

    public static async Task<int> DownAsync(
        Terminal terminal,
        InstallationRecord record,
        DownChoices choices,
        CancellationToken cancellationToken
    )
    {
        using var alone = InstallationRecord.Lock(record.Plan.Name);
        var removal = new ClusterRemoval(terminal, record);
        if (choices.Forget)
        {
            await removal.ForgetAsync(cancellationToken);
            terminal.Out.WriteLine(
                $"{record.Plan.Name} is forgotten. What is left of it {(record.Eks is { } eks ? $"at AWS in {eks.Region}" : $"in the cluster of the context {record.Context}")} was not touched."
            );
            return ExitCode.Done;
        }

        if (!choices.Force)
        {
            await RefuseWhileInUseAsync(terminal, record, removal, cancellationToken);
        }

        var where = record switch
        {
            { Eks: { } eks } => $"AWS in {eks.Region}, and its cluster",
            { Provider: KindProvider.Name } => "kind, and its cluster",
            _ => $"the cluster of the context {record.Context}",
        };
        if (
            !choices.Yes
            && !Confirm(
                terminal,
                $"Remove the control plane {record.Plan.Name} from {where}, with everything it stored?"
            )
        )
        {
            return ExitCode.Failed;
        }

        try
        {
            await removal.RunAsync(choices.Force, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new InterruptedException(() => InterruptedDownAsync(terminal, record));
        }

        return ExitCode.Done;
    }

    private static async Task InstallAsync(
        Terminal terminal,
        InstallationRecord record,
        Installation.OwnServers own,
        CancellationToken cancellationToken
    )
    {
        var steps = new RecordedSteps(terminal, record);
        if (record.Eks is not null)
        {
            await InstallAtAwsAsync(steps, record, own, cancellationToken);
            return;
        }

        if (record.Provider == KindProvider.Name)
        {
            await steps.RunAsync(new KindProvider(record).Steps, cancellationToken);
        }

        await InClusterAsync(steps, record, own, handingOver: null, cancellationToken);
    }

    /// <summary>When it fails, the temporary control plane does not go on alone; nor does it when somebody ends it, after that.</summary>
    private static async Task InstallAtAwsAsync(
        RecordedSteps steps,
        InstallationRecord record,
        Installation.OwnServers own,
        CancellationToken cancellationToken
    )
    {
        var provider = new EksProvider(record);
        var isHandedOver = record.Done.Contains(EksProvider.HandOver);
        try
        {
            await steps.RunAsync(provider.Steps, cancellationToken);
            await InClusterAsync(steps, record, own, isHandedOver ? null : provider.HandingOver, cancellationToken);
            if (!record.Done.Contains(provider.Leaving.Name))
            {
                await steps.RunAsync([provider.Leaving], cancellationToken);
            }
        }
        catch when (!cancellationToken.IsCancellationRequested)
        {
            await provider.PauseAsync();
            throw;
        }
    }

    private static async Task InClusterAsync(
        RecordedSteps steps,
        InstallationRecord record,
        Installation.OwnServers own,
        Func<Installation.Installer, Installation.Step>? handingOver,
        CancellationToken cancellationToken
    )
    {
        var (connection, context) = await UserKubeconfig.ReadAsync(
            record.Kubeconfig,
            record.Context,
            cancellationToken
        );
        record.Context = context;
        using var cluster = new ClusterClient(connection);
        var controlPlane = new ClusterControlPlane(record, cluster, own) { HandingOver = handingOver };
        await steps.RunAsync(controlPlane.Steps, cancellationToken);
    }

    /// <summary>What was begun in one place does not go on in another.</summary>
    private static void RefuseToMove(InstallationRecord record, InstallationRecord? before)
    {
        if (before is null)
        {
            return;
        }

        var down = $"Take it down first with `qleetctl down --name {record.Plan.Name}`, or choose another --name.";
        if (before.Provider != record.Provider)
        {
            throw new FailureException($"\"{record.Plan.Name}\" was begun with --provider {before.Provider}. {down}");
        }

        if (before.Eks is { } eks && (eks.Region != record.Eks?.Region || eks.Profile != record.Eks.Profile))
        {
            throw new FailureException(
                $"\"{record.Plan.Name}\" is in {eks.Region}{(eks.Profile is { } profile ? $", by the AWS profile {profile}" : "")}. {down}"
            );
        }

        if (before.Context is not null && before.Context != record.Context)
        {
            throw new FailureException(
                $"\"{record.Plan.Name}\" is in the cluster of the context {before.Context}. {down}"
            );
        }

        if (record.Provider == KindProvider.Name && before.Plan.Port != record.Plan.Port)
        {
            throw new FailureException(
                $"The port of \"{record.Plan.Name}\" is {before.Plan.Port}: a kind cluster keeps those that it was made with. {down}"
            );
        }
    }

    /// <summary>What is half taken down is not built up again.</summary>
    private static void RefuseOnTheWayBack(InstallationRecord record)
    {
        if (record.Eks is { Undone.Count: > 0 })
        {
            throw new FailureException(
                $"\"{record.Plan.Name}\" is being taken down: `qleetctl down --name {record.Plan.Name}` goes on."
            );
        }
    }

    /// <summary>The API knows of all clusters, this cluster's agent of its own when the API is dead.</summary>
    private static async Task RefuseWhileInUseAsync(
        Terminal terminal,
        InstallationRecord record,
        ClusterRemoval removal,
        CancellationToken cancellationToken
    )
    {
        var name = record.Plan.Name;
        if (ConfigFile.Load().ControlPlanes.Find(c => c.Name == name) is { } entry)
        {
            await InUse.RefuseAsync(
                terminal,
                entry,
                static kind => kind.Singular.EndsWith(Kinds.Kind.InstanceSuffix, StringComparison.Ordinal),
                // It registered these itself.
                resource =>
                    resource is not (Registration.Runtimes or Registration.ControlPlanes or Resources.Clusters, var own)
                    || own != name,
                cancellationToken
            );
        }

        InUse.Refuse([
            .. (await removal.WorkloadsAsync(cancellationToken)).Select(static w => $"workload-instance/{w}"),
        ]);
    }

    /// <summary>What is there is of use only to somebody who goes on.</summary>
    private static async Task<int> InterruptedAsync(Terminal terminal, InstallationRecord record)
    {
        var name = record.Plan.Name;
        await PauseAsync(terminal, record);
        if (record.Done.Count == 0)
        {
            terminal.Error.WriteLine("Interrupted. Nothing was installed.");
            return ExitCode.Interrupted;
        }

        var again = $"qleetctl up --name {name}";
        if (terminal.ErrorIsInteractive && Confirm(terminal, "Interrupted. Remove what was installed so far?"))
        {
            using var alone = InstallationRecord.Lock(name);
            await new ClusterRemoval(terminal, record).RunAsync(isForced: false, CancellationToken.None);
        }
        else
        {
            terminal.Error.WriteLine(
                $"Interrupted. What was installed is kept: `{again}` goes on, `qleetctl down --name {name}` removes it."
            );
        }

        return ExitCode.Interrupted;
    }

    private static async Task<int> InterruptedDownAsync(Terminal terminal, InstallationRecord record)
    {
        await PauseAsync(terminal, record);
        terminal.Error.WriteLine($"Interrupted. `qleetctl down --name {record.Plan.Name}` goes on.");
        return ExitCode.Interrupted;
    }

    /// <summary>It hands back what is in flight, which takes a moment.</summary>
    private static async Task PauseAsync(Terminal terminal, InstallationRecord record)
    {
        if (record.Eks is not null)
        {
            terminal.Error.WriteLine("The temporary control plane is stopped.");
            await new EksProvider(record).PauseAsync();
        }
    }

    private static bool Confirm(Terminal terminal, string question)
    {
        if (!terminal.ErrorIsInteractive)
        {
            throw new FailureException($"{question} Say --yes.", ExitCode.Usage);
        }

        terminal.Error.Write($"{question} [y/N] ");
        return terminal.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}

/// <summary>How a control plane is to be taken down.</summary>
/// <param name="Force">Even while workloads run.</param>
/// <param name="Yes">Without a question.</param>
/// <param name="Forget">Only here; the cluster is not asked.</param>
internal sealed record DownChoices(bool Force, bool Yes, bool Forget);
