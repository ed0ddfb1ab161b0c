using Threeport.Modules.Workloads.WorkloadInstances;

namespace Threeport.Modules.Workloads.WorkloadRollups;

internal sealed class WorkloadRollupReconciler(IResources resources) : IReconciler<WorkloadRollup>
{
    public async ValueTask<Result> ReconcileAsync(Pass<WorkloadRollup> pass, CancellationToken cancellationToken)
    {
        var ofDefinition = ResourceFilter<WorkloadInstance>.All.Where(
            x => x.Spec.WorkloadDefinition,
            pass.Resource.Spec.WorkloadDefinition
        );
        var (instances, healthy) = (0, 0);
        await foreach (var instance in resources.ListAsync(ofDefinition, cancellationToken))
        {
            instances++;
            healthy += instance.IsReady ? 1 : 0;
        }

        (pass.Resource.Status.Instances, pass.Resource.Status.Healthy) = (instances, healthy);
        return healthy == instances
            ? Result.Done("Healthy")
            : Result.Waiting("Degraded", $"{instances - healthy} of {instances} instances are not ready.");
    }
}
