using Threeport.Kubernetes;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

/// <summary>Runtimes that the control plane makes itself, as clusters in Docker on the machine of the controller.</summary>
internal static class KindClusters
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>What the command may know of this process; all else stays here.</summary>
    private static readonly string[] Environment = ["PATH", "HOME", "DOCKER_HOST", "KIND_EXPERIMENTAL_PROVIDER"];

    /// <summary>Makes the cluster and keeps its kubeconfig in the status.</summary>
    /// <returns>Null when it is there.</returns>
    public static async Task<Result?> CreateAsync(
        Pass<KubernetesRuntimeInstance> pass,
        CancellationToken cancellationToken
    )
    {
        var cluster = Of(pass.Resource);
        try
        {
            await cluster.EnsureAsync("", cancellationToken);
            pass.Resource.Status.Kubeconfig = await cluster.KubeconfigAsync(cancellationToken);
        }
        catch (KindException exception)
        {
            return Failed(exception);
        }

        await pass.CheckpointAsync(cancellationToken);
        return null;
    }

    /// <returns>Null when it is gone.</returns>
    public static async Task<Result?> DeleteAsync(
        KubernetesRuntimeInstance runtime,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await Of(runtime).DeleteAsync(cancellationToken);
            return null;
        }
        catch (KindException exception)
        {
            return Failed(exception);
        }
    }

    private static KindCluster Of(KubernetesRuntimeInstance runtime) => new($"threeport-{runtime.Name}", Environment);

    private static Result Failed(KindException exception) =>
        Result.Waiting(exception.Reason, $"On the machine of the controller: {exception.Message}", TryAgainAfter);
}
