using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeObservations;

namespace Threeport.Modules.KubernetesRuntimes;

/// <summary>Kubernetes clusters that workloads are placed on.</summary>
public sealed class KubernetesRuntimesModule : IModule
{
    public string Name => "kubernetes-runtimes";

    public void Configure(ModuleBuilder module)
    {
        module.Services.TryAddSingleton<ClusterPool>();
        module.Services.AddScoped<AgentInstaller>();
        // Bound when first asked for: the host decides some of it only once it knows where it listens.
        module.Services.AddSingleton(static services =>
            services.GetRequiredService<IConfiguration>().GetSection(AgentInstallation.Section).Get<AgentInstallation>()
            ?? new()
        );
        module.Kind<KubernetesRuntimeDefinition>();
        module
            .Kind<KubernetesRuntimeInstance>()
            .AtMostOne(x => x.Spec.DefaultRuntime)
            .Watches<KubernetesRuntimeDefinition>(static definition =>
                ResourceFilter<KubernetesRuntimeInstance>.All.Where(
                    x => x.Spec.KubernetesRuntimeDefinition,
                    definition.Name
                )
            )
            .Watches<KubernetesRuntimeObservation>(static observation =>
                ResourceFilter<KubernetesRuntimeInstance>.All.Where(x => x.Name, observation.Name)
            );
        module.Kind<KubernetesRuntimeObservation>().WithoutHistory();
    }
}
