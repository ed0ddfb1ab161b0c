using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

/// <summary>
/// The clusters of runtimes that another module makes: asked for by a resource of that module which has the runtime's name and
/// belongs to it. What is found there already and belongs to nobody is used, and left when the runtime goes.
/// </summary>
internal sealed class ProvidedClusters(IResources resources)
{
    /// <summary>Changes are watched; this is for one that nobody heard of.</summary>
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(10);

    /// <summary>Has the cluster made, and keeps how to reach it in the status.</summary>
    /// <returns>Null when there is a way to reach it.</returns>
    public async Task<Result?> MakeAsync(
        ClusterProvider provider,
        KubernetesRuntimeDefinition definition,
        KubernetesRuntimeInstance runtime,
        CancellationToken cancellationToken
    )
    {
        if (!provider.Locations.Contains(runtime.Spec.Location))
        {
            return Result.Rejected(
                "LocationNotOffered",
                $"{provider.Name} has no clusters in {runtime.Spec.Location}; it has them in {string.Join(", ", provider.Locations)}."
            );
        }

        try
        {
            var cluster = await provider.FindAsync(resources, runtime.Name, cancellationToken);
            if (cluster is null && !definition.IsReady)
            {
                // The provider's own definition may not be there yet; this one says when, and why not.
                var why =
                    $"Definition {definition.Name} is not ready: {definition.Ready.Reason}. {definition.Ready.Message}";
                return Result.Waiting("DefinitionNotReady", why.TrimEnd(), LookAfter);
            }

            cluster ??= await provider.PutAsync(
                resources,
                new(runtime.Name, definition.Name, runtime.Spec.Location),
                cancellationToken
            );
            if (cluster.Access is not { } access)
            {
                return NotYet(cluster);
            }

            Keep(runtime, access);
            return null;
        }
        catch (ProblemException exception) when (exception.Problem.Status is >= 400 and < 500)
        {
            return Result.Waiting("ProviderRefused", exception.Message, AgainAfter);
        }
    }

    /// <returns>The runtime's cluster, and how to reach it in the status; null when there is none any more.</returns>
    public async Task<ProvidedCluster?> FindAsync(
        ClusterProvider provider,
        KubernetesRuntimeInstance runtime,
        CancellationToken cancellationToken
    )
    {
        var cluster = await provider.FindAsync(resources, runtime.Name, cancellationToken);
        if (cluster?.Access is { } access)
        {
            Keep(runtime, access);
        }

        return cluster;
    }

    /// <summary>Has it taken down.</summary>
    public async Task<Result> TakeDownAsync(
        ClusterProvider provider,
        ProvidedCluster cluster,
        CancellationToken cancellationToken
    )
    {
        if (cluster.Resource.DeletionRequestedAt is not null)
        {
            return NotYet(cluster);
        }

        try
        {
            await provider.DeleteAsync(resources, cluster.Resource.Name, cancellationToken);
            return Result.Waiting("Deleting", $"{cluster.Kind}/{cluster.Resource.Name} is to go.", LookAfter);
        }
        catch (ProblemException exception) when (exception.Problem.Status is 409)
        {
            return Result.Waiting("InUse", exception.Message, AgainAfter);
        }
    }

    private static void Keep(KubernetesRuntimeInstance runtime, ClusterAccess access)
    {
        var status = runtime.Status;
        status.ApiEndpoint = access.Endpoint;
        status.CaCertificate = access.CaCertificate;
        status.ConnectionToken = access.Token;
        status.ConnectionTokenExpiration = access.TokenExpiration;
    }

    private static Result NotYet(ProvidedCluster cluster)
    {
        var ready = cluster.Resource.Ready;
        return Result.Waiting(
            ready.Status is ConditionStatus.True ? "Provisioning" : ready.Reason,
            ready.Message.Length > 0 ? ready.Message : $"Waiting for {cluster.Kind}/{cluster.Resource.Name}.",
            LookAfter
        );
    }
}
