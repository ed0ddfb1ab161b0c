using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Modules.Workloads.WorkloadDefinitions;
using Threeport.Modules.Workloads.WorkloadObservations;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>
/// Reads definition, runtime and observation, plans, applies, and says how the workload is. A pass that finds everything as
/// it was applied asks the cluster nothing.
/// </summary>
internal sealed class WorkloadInstanceReconciler(
    IResources resources,
    ClusterPool clusters,
    AgentRights rights,
    TimeProvider time
) : IReconciler<WorkloadInstance>
{
    private static readonly TimeSpan MaximumWhileGoing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaximumWhileFailing = TimeSpan.FromSeconds(60);

    public async ValueTask<Result> ReconcileAsync(Pass<WorkloadInstance> pass, CancellationToken cancellationToken)
    {
        var spec = pass.Resource.Spec;
        var definitions = resources.FindAsync<WorkloadDefinition>(spec.WorkloadDefinition, cancellationToken);
        var runtimes = resources.FindAsync<KubernetesRuntimeInstance>(
            spec.KubernetesRuntimeInstance,
            cancellationToken
        );
        var observations = resources.FindAsync<WorkloadObservation>(pass.Resource.Name, cancellationToken);
        await Task.WhenAll(definitions, runtimes, observations);
        var (definition, runtime, observation) = (await definitions, await runtimes, await observations);
        if (definition is null || runtime is null)
        {
            return definition is null
                ? Result.Waiting("DefinitionNotFound", $"There is no workload-definition {spec.WorkloadDefinition}.")
                : Result.Waiting(
                    "RuntimeNotFound",
                    $"There is no kubernetes-runtime-instance {spec.KubernetesRuntimeInstance}."
                );
        }

        if (pass.IsAfresh)
        {
            // The cluster may have what was stated after the backup, in which its agent sees nothing wrong.
            pass.Resource.Status.AppliedGeneration = 0;
        }

        var drifts = WorkloadPlan.Drifts(pass.Resource, observation);
        NoteDrift(pass, drifts);
        if (!WorkloadPlan.IsSettled(pass.Resource, definition.Generation, drifts))
        {
            if (!runtime.IsReady || runtime.Connection() is not { } connection)
            {
                var message = $"Runtime {runtime.Name} is not ready: {runtime.Ready.Reason}. {runtime.Ready.Message}";
                return Result.Waiting("RuntimeNotReady", message.TrimEnd());
            }

            var work = new WorkloadPass(pass, clusters.Get(runtime.Id, connection), rights);
            if (await work.DeployAsync(definition, drifts, cancellationToken) is { } notYet)
            {
                return Later(pass.Resource, notYet);
            }
        }

        var health = WorkloadHealth.Of(pass.Resource, observation, runtime);
        pass.Resource.Status.Ready = health.Ready;
        return health.Result;
    }

    public async ValueTask<Result> FinalizeAsync(Pass<WorkloadInstance> pass, CancellationToken cancellationToken)
    {
        var name = pass.Resource.Spec.KubernetesRuntimeInstance;
        var runtime = await resources.FindAsync<KubernetesRuntimeInstance>(name, cancellationToken);
        if (runtime is null || pass.Resource.Status.Inventory.Count == 0)
        {
            return Result.Ready;
        }

        if (runtime.Connection() is not { } connection)
        {
            return Result.Waiting("RuntimeNotReady", $"Runtime {name} has no connection yet.");
        }

        var work = new WorkloadPass(pass, clusters.Get(runtime.Id, connection), rights);
        var result = await work.RemoveAsync(cancellationToken);
        if (result.Reason == KubernetesException.UnreachableReason && runtime.Spec.ForceDelete)
        {
            pass.Record(
                EventType.Warning,
                "LeftBehind",
                $"Runtime {name} cannot be reached and forceDelete is set: the objects in it are left behind."
            );
            return Result.Ready;
        }

        return result.IsReady ? result : Later(pass.Resource, result);
    }

    private static void NoteDrift(Pass<WorkloadInstance> pass, IReadOnlyList<Drift> drifts)
    {
        const string type = "Drifted";
        var was = pass.Resource.Conditions.FirstOrDefault(static c => c.Type == type)?.Status;
        if (drifts.Count == 0)
        {
            if (was is ConditionStatus.True)
            {
                pass.Conditions[type] = new(type, ConditionStatus.False, "AsApplied", "");
            }

            return;
        }

        var message = $"{drifts[0]}{(drifts.Count == 1 ? "" : $" (and {drifts.Count - 1} more)")}";
        pass.Conditions[type] = new(type, ConditionStatus.True, drifts[0].How, message);
        foreach (var drift in drifts.Take(20))
        {
            pass.Record(EventType.Warning, "Drifted", $"{drift} by somebody else.");
        }
    }

    /// <summary>
    /// What fails, or is going, is looked at again after about half as long as it has been so: a second at first, then less
    /// and less often, so that many that wait leave room for others.
    /// </summary>
    private Result Later(WorkloadInstance instance, Result result)
    {
        var applied = instance.Conditions.FirstOrDefault(static c => c.Type == WorkloadPass.AppliedType);
        var now = time.GetUtcNow();
        var since =
            instance.DeletionRequestedAt ?? (applied is { Status: ConditionStatus.False } ? applied.Since : now);
        var limit = result.Reason == WorkloadPass.Deleting ? MaximumWhileGoing : MaximumWhileFailing;
        var delay = Math.Clamp((now - since).TotalSeconds / 2, 1, limit.TotalSeconds);
        return result with { RequeueAfter = TimeSpan.FromSeconds(delay) };
    }
}
