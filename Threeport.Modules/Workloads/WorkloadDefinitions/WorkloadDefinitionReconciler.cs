using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadDefinitions;

/// <summary>Counts the objects. Instances hear of the change by their own watch.</summary>
internal sealed class WorkloadDefinitionReconciler : IReconciler<WorkloadDefinition>
{
    public ValueTask<Result> ReconcileAsync(Pass<WorkloadDefinition> pass, CancellationToken cancellationToken)
    {
        pass.Resource.Status.Objects = Manifests.Parse(pass.Resource.Spec.YamlDocument).Count;
        return new(Result.Ready);
    }
}
