using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>An instance that names no runtime goes to the default one, for good: another default later does not move it.</summary>
internal sealed class WorkloadInstanceAdmission(IResources resources) : IAdmission<WorkloadInstance>
{
    /// <summary>Asked for once for all the instances of a request: an admission lives as long as that.</summary>
    private Task<string>? _default;

    public async ValueTask AdmitAsync(
        WorkloadInstance resource,
        WorkloadInstance? current,
        CancellationToken cancellationToken
    )
    {
        if (!string.IsNullOrEmpty(resource.Spec.KubernetesRuntimeInstance))
        {
            return;
        }

        var runtime = current?.Spec.KubernetesRuntimeInstance ?? await (_default ??= DefaultAsync(cancellationToken));
        resource.Spec = resource.Spec with { KubernetesRuntimeInstance = runtime };
    }

    private async Task<string> DefaultAsync(CancellationToken cancellationToken)
    {
        var defaults = ResourceFilter<KubernetesRuntimeInstance>.All.Where(static x => x.Spec.DefaultRuntime, "true");
        await foreach (var runtime in resources.ListAsync(defaults, cancellationToken))
        {
            return runtime.Name;
        }

        throw new ProblemException(
            Problems.Validation(
                new ProblemError(
                    "/spec/kubernetesRuntimeInstance",
                    "No runtime is named, and there is no default runtime. Name one, or set defaultRuntime: true on one of them."
                )
            )
        );
    }
}
