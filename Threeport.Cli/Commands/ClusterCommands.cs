using System.CommandLine;
using Threeport.Cli.Clusters;
using Threeport.Cli.Configuration;
using Threeport.Cli.Output;
using Threeport.Installation;
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
        CancellationToken cancellationToken
    )
    {
        var before = InstallationRecord.Find(name);
        if (before is null && ConfigFile.Load().ControlPlanes.Exists(c => c.Name == name))
        {
            throw new FailureException($"\"{name}\" is another control plane. Choose another name with --name.");
        }

        var (connection, context) = await UserKubeconfig.ReadAsync(
            ClusterOptions.KubeconfigOf(result, before),
            ClusterOptions.ContextOf(result, before),
            cancellationToken
        );
        if (before is not null && before.Context != context)
        {
            throw new FailureException(
                $"\"{name}\" is in the cluster of the context {before.Context}. Take it down first, or choose another name."
            );
        }

        var record = ClusterOptions.Record(result, name, Kubernetes, context, before);
        using var cluster = new ClusterClient(connection);
        var controlPlane = new ClusterControlPlane(terminal, record, cluster, ClusterOptions.Own(result));
        try
        {
            await controlPlane.UpAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await InterruptedAsync(terminal, record, cluster);
        }

        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"  qleetctl --control-plane {name} get workload-instances");
        terminal.Out.WriteLine($"  qleetctl down --name {name}");
        return ExitCode.Done;
    }

    public static async Task<int> DownAsync(
        Terminal terminal,
        InstallationRecord record,
        bool force,
        bool yes,
        CancellationToken cancellationToken
    )
    {
        var (connection, _) = await UserKubeconfig.ReadAsync(record.Kubeconfig, record.Context, cancellationToken);
        using var cluster = new ClusterClient(connection);
        var removal = new Removal(cluster, record.Plan.Name, TimeProvider.System);
        if (!force && await removal.WorkloadsAsync(cancellationToken) is { Count: > 0 } workloads)
        {
            throw new FailureException(
                $"{string.Join(", ", workloads.Take(3).Select(static w => $"workload-instance/{w}"))}{(workloads.Count > 3 ? ", …" : "")} would be left without a control plane. Delete them first, or use --force."
            );
        }

        if (
            !yes
            && !Confirm(
                terminal,
                $"Remove the control plane {record.Plan.Name} from {connection.Server}, with everything it stored?"
            )
        )
        {
            return ExitCode.Failed;
        }

        await RemoveAsync(terminal, record, removal, cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>What is there is of use only to somebody who goes on.</summary>
    private static async Task<int> InterruptedAsync(Terminal terminal, InstallationRecord record, ClusterClient cluster)
    {
        var again = $"qleetctl up --name {record.Plan.Name} --provider {record.Provider}";
        if (terminal.ErrorIsInteractive && Confirm(terminal, "Interrupted. Remove what was installed so far?"))
        {
            var removal = new Removal(cluster, record.Plan.Name, TimeProvider.System);
            await RemoveAsync(terminal, record, removal, CancellationToken.None);
        }
        else
        {
            terminal.Error.WriteLine(
                $"Interrupted. What was installed is kept: `{again}` goes on, `qleetctl down --name {record.Plan.Name}` removes it."
            );
        }

        return ExitCode.Interrupted;
    }

    private static async Task RemoveAsync(
        Terminal terminal,
        InstallationRecord record,
        Removal removal,
        CancellationToken cancellationToken
    )
    {
        var lines = new StepLines(terminal, $"qleetctl down --name {record.Plan.Name}");
        foreach (var step in removal.Steps)
        {
            await lines.RunAsync(step, cancellationToken);
        }

        var config = ConfigFile.Load();
        config.ControlPlanes.RemoveAll(c => c.Name == record.Plan.Name);
        config.Current = config.Current == record.Plan.Name ? null : config.Current;
        config.Save();
        record.Forget();
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
