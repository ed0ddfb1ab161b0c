using Threeport.Kubernetes;

namespace Threeport.Cli.Clusters;

/// <summary>The cluster that a control plane was installed in, and no other that its context happens to mean by now.</summary>
internal static class KnownCluster
{
    /// <exception cref="FailureException">It cannot be reached, or is another one.</exception>
    public static async Task<ClusterClient> OpenAsync(InstallationRecord record, CancellationToken cancellationToken)
    {
        var (connection, _) = await UserKubeconfig.ReadAsync(record.Kubeconfig, record.Context, cancellationToken);
        var cluster = new ClusterClient(connection);
        try
        {
            if (record.ClusterId is { } known && await IdAsync(cluster, cancellationToken) != known)
            {
                throw new FailureException(
                    $"The context {record.Context} is another cluster than the one that \"{record.Plan.Name}\" is in. Nothing was changed. "
                        + "Let it mean the same cluster as before; or, if that one is gone, forget it with "
                        + $"`qleetctl down --name {record.Plan.Name} --forget`."
                );
            }

            return cluster;
        }
        catch (KubernetesException e)
        {
            cluster.Dispose();
            throw new FailureException(
                $"{e.Message} \"{record.Plan.Name}\" is in that cluster. "
                    + $"If it is gone for good, `qleetctl down --name {record.Plan.Name} --forget` forgets it here."
            );
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>What a cluster has only one of, and keeps.</summary>
    public static async Task<string?> IdAsync(ClusterClient cluster, CancellationToken cancellationToken)
    {
        var system = await cluster.FindAsync(
            new("v1", "Namespace", null, "kube-system"),
            cancellationToken,
            metadataOnly: true
        );
        return system?["metadata"]?["uid"]?.GetValue<string>();
    }
}
