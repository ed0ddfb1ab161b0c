namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

/// <summary>The first runtime is the default one: who has only one need never name it.</summary>
internal sealed class KubernetesRuntimeInstanceAdmission(IResources resources) : IAdmission<KubernetesRuntimeInstance>
{
    public async ValueTask AdmitAsync(
        KubernetesRuntimeInstance resource,
        KubernetesRuntimeInstance? current,
        CancellationToken cancellationToken
    )
    {
        if (current is not null || resource.Spec.DefaultRuntime)
        {
            return;
        }

        await foreach (var _ in resources.ListAsync(ResourceFilter<KubernetesRuntimeInstance>.All, cancellationToken))
        {
            return;
        }

        resource.Spec = resource.Spec with { DefaultRuntime = true };
    }
}
