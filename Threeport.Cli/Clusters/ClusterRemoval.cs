using Threeport.Cli.Clusters.Eks;
using Threeport.Cli.Configuration;
using Threeport.Cli.Output;
using Threeport.Installation;
using Threeport.Kubernetes;

namespace Threeport.Cli.Clusters;

/// <summary>Takes away what was installed, by what this machine knows and what the cluster holds; and with it what was kept here.</summary>
internal sealed class ClusterRemoval(Terminal terminal, InstallationRecord record)
{
    private readonly string _name = record.Plan.Name;

    /// <param name="isForced">A cluster that does not answer is no reason to stop, where it is taken down, too.</param>
    /// <param name="cancellationToken">The command's.</param>
    public async Task RunAsync(bool isForced, CancellationToken cancellationToken)
    {
        var lines = new StepLines(terminal, $"qleetctl down --name {_name}");
        if (record.Eks is not null)
        {
            await new EksRemoval(record, isForced).RunAsync(lines, cancellationToken);
            Forget();
            return;
        }

        using (var cluster = await FindClusterAsync(cancellationToken))
        {
            foreach (var step in cluster is null ? [] : new Removal(cluster, _name, TimeProvider.System).Steps)
            {
                await lines.RunAsync(step, cancellationToken);
            }
        }

        if (record.Provider == KindProvider.Name)
        {
            await lines.RunAsync(new KindProvider(record).Removal, cancellationToken);
        }

        Forget();
    }

    /// <summary>Nobody but this machine is asked.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        if (record.Eks is not null)
        {
            await new EksRemoval(record, isForced: true).ForgetAsync(static _ => { }, cancellationToken);
        }

        Forget();
    }

    /// <summary>The record goes last: while it is there, the same command goes on.</summary>
    private void Forget()
    {
        var config = ConfigFile.Load();
        if (config.ControlPlanes.RemoveAll(c => c.Name == _name) > 0 || config.Current == _name)
        {
            config.Current = config.Current == _name ? null : config.Current;
            config.Save();
        }

        record.Forget();
    }

    /// <summary>The workloads that this cluster's agent was told to look at, without asking the API.</summary>
    public async Task<IReadOnlyList<string>> WorkloadsAsync(CancellationToken cancellationToken)
    {
        using var cluster = await FindClusterAsync(cancellationToken);
        return cluster is null
            ? []
            : await new Removal(cluster, _name, TimeProvider.System).WorkloadsAsync(cancellationToken);
    }

    /// <returns>Null when there is none to take anything out of: a cluster that kind made goes as a whole.</returns>
    private async Task<ClusterClient?> FindClusterAsync(CancellationToken cancellationToken)
    {
        var isMade = record.Provider is KindProvider.Name or EksProvider.Name;
        if (isMade && record.Context is null)
        {
            return null;
        }

        try
        {
            return await KnownCluster.OpenAsync(record, cancellationToken);
        }
        catch (Exception e) when (isMade && e is KubernetesException or FailureException)
        {
            return null;
        }
    }
}
