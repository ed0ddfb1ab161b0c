using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeObservations;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

/// <summary>Has the cluster made where that is our task, asks it whether it is there, and installs the agent.</summary>
internal sealed class KubernetesRuntimeInstanceReconciler(
    IResources resources,
    ClusterPool clusters,
    ProvidedClusters provided,
    InfraProviders providers,
    AgentInstaller agents,
    TimeProvider time
) : IReconciler<KubernetesRuntimeInstance>
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WhileFailing = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(90);

    public async ValueTask<Result> ReconcileAsync(
        Pass<KubernetesRuntimeInstance> pass,
        CancellationToken cancellationToken
    )
    {
        var runtime = pass.Resource;
        if (await MakeAsync(pass, cancellationToken) is { } notYet)
        {
            return notYet;
        }

        if (runtime.Connection() is not { } connection)
        {
            return Result.Rejected(
                "NotConfigured",
                "Give a kubeconfig, or apiEndpoint, caCertificate and connectionToken."
            );
        }

        var observation = await resources.FindAsync<KubernetesRuntimeObservation>(runtime.Name, cancellationToken);
        Note(pass, observation);
        var cluster = clusters.Get(runtime.Id, connection);
        try
        {
            var isNew = runtime.Status.Endpoint is null;
            await CheckAsync(runtime, cluster, cancellationToken);
            if (isNew)
            {
                // From here on there may be something in the cluster that the finaliser has to take out.
                await pass.CheckpointAsync(cancellationToken);
            }

            return await agents.InstallAsync(runtime, cluster, cancellationToken)
                ?? Result.Done("Ready", requeueAfter: CheckEvery);
        }
        catch (KubernetesException exception)
        {
            return Failed(exception);
        }
    }

    public async ValueTask<Result> FinalizeAsync(
        Pass<KubernetesRuntimeInstance> pass,
        CancellationToken cancellationToken
    )
    {
        var runtime = pass.Resource;
        var definition = await DefinitionAsync(runtime, cancellationToken);
        if (definition?.Spec.InfraProvider == InfraProviders.Kind)
        {
            return await KindClusters.DeleteAsync(runtime, cancellationToken) ?? Forget(runtime);
        }

        if (ProviderOf(definition) is { } provider)
        {
            var cluster = await provided.FindAsync(provider, runtime, cancellationToken);
            if (cluster is null || cluster.IsOwned)
            {
                // The agent goes with the cluster, which nobody needs any more: a runtime with workloads is not deleted.
                return cluster is null
                    ? Forget(runtime)
                    : await provided.TakeDownAsync(provider, cluster, cancellationToken);
            }
        }

        if (runtime.Connection() is not { } connection || runtime.Status.Endpoint is null)
        {
            return Forget(runtime);
        }

        try
        {
            return await agents.RemoveAsync(clusters.Get(runtime.Id, connection), cancellationToken) ?? Forget(runtime);
        }
        catch (KubernetesException exception) when (exception.IsUnreachable && runtime.Spec.ForceDelete)
        {
            pass.Record(
                EventType.Warning,
                "LeftBehind",
                "The cluster cannot be reached and forceDelete is set: the agent is left behind in it."
            );
            return Forget(runtime);
        }
        catch (KubernetesException exception) when (exception.IsUnreachable)
        {
            return Result.Waiting(
                KubernetesException.UnreachableReason,
                $"{exception.Message} Set forceDelete: true to leave behind what was installed in it.",
                WhileFailing
            );
        }
        catch (KubernetesException exception)
        {
            return Failed(exception);
        }
    }

    private Result Forget(KubernetesRuntimeInstance runtime)
    {
        clusters.Forget(runtime.Id);
        return Result.Ready;
    }

    private async ValueTask<Result?> MakeAsync(
        Pass<KubernetesRuntimeInstance> pass,
        CancellationToken cancellationToken
    )
    {
        var definition = await DefinitionAsync(pass.Resource, cancellationToken);
        if (definition is null)
        {
            var name = pass.Resource.Spec.KubernetesRuntimeDefinition;
            return Result.Waiting("DefinitionNotFound", $"There is no kubernetes-runtime-definition {name}.");
        }

        if (ProviderOf(definition) is { } provider)
        {
            return await provided.MakeAsync(provider, definition, pass.Resource, cancellationToken);
        }

        return definition.Spec.InfraProvider == InfraProviders.Kind && pass.Resource.Status.Kubeconfig is null
            ? await KindClusters.CreateAsync(pass, cancellationToken)
            : null;
    }

    private ClusterProvider? ProviderOf(KubernetesRuntimeDefinition? definition) =>
        definition is null ? null : providers.Find(definition.Spec.InfraProvider);

    private Task<KubernetesRuntimeDefinition?> DefinitionAsync(
        KubernetesRuntimeInstance runtime,
        CancellationToken cancellationToken
    ) => resources.FindAsync<KubernetesRuntimeDefinition>(runtime.Spec.KubernetesRuntimeDefinition, cancellationToken);

    private static async Task CheckAsync(
        KubernetesRuntimeInstance runtime,
        ClusterClient cluster,
        CancellationToken cancellationToken
    )
    {
        runtime.Status.Version = await cluster.VersionAsync(cancellationToken);
        var nodes = await cluster.FindResourceAsync("v1", "Node", cancellationToken);
        runtime.Status.Nodes = nodes is null ? null : await cluster.CountAsync(nodes, cancellationToken);
        runtime.Status.Endpoint = cluster.Server.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>
    /// When it was last seen is noted only when that is news: every change of a runtime wakes all its workloads.
    /// </summary>
    private void Note(Pass<KubernetesRuntimeInstance> pass, KubernetesRuntimeObservation? observation)
    {
        const string type = "AgentConnected";
        var status = pass.Resource.Status;
        if (observation is null)
        {
            status.Agent = pass.Resource.Spec.Agent == Agents.InCluster ? Agents.Installing : pass.Resource.Spec.Agent;
            pass.Conditions[type] = new(type, ConditionStatus.False, "NeverSeen", "The agent has not reported yet.");
            return;
        }

        var connected = time.GetUtcNow() - observation.UpdatedAt < SilentAfter;
        var agent = connected ? Agents.Connected : Agents.NotConnected;
        if (status.Agent != agent)
        {
            status.AgentSeenAt = observation.UpdatedAt;
        }

        status.Agent = agent;
        pass.Conditions[type] = connected
            ? new(type, ConditionStatus.True, Agents.Connected, "")
            : new(type, ConditionStatus.False, Agents.NotConnected, "The agent has not reported for a while.");
    }

    private static Result Failed(KubernetesException exception) =>
        exception.Status switch
        {
            0 => Result.Waiting(KubernetesException.UnreachableReason, exception.Message, WhileFailing),
            401 => Result.Waiting(
                "Unauthorized",
                "The cluster does not take the token or the certificate.",
                CheckEvery
            ),
            403 => Result.Waiting("Forbidden", exception.Message, CheckEvery),
            _ => Result.Waiting("ClusterFailed", exception.Message, WhileFailing),
        };
}
