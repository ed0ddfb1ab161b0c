using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Modules.Workloads.WorkloadDefinitions;
using Threeport.Modules.Workloads.WorkloadInstances;
using Threeport.Modules.Workloads.WorkloadObservations;

namespace Threeport.Modules.Workloads;

/// <summary>Kubernetes manifests deployed to runtimes.</summary>
public sealed class WorkloadsModule : IModule
{
    public string Name => "workloads";

    public void Configure(ModuleBuilder module)
    {
        module.Services.TryAddSingleton(ClusterPolicy.Of(module.Configuration[ClusterPolicy.LoopbackSetting]));
        module.Services.TryAddSingleton<ClusterPool>();
        module.Services.TryAddSingleton(AgentScope.Of(module.Configuration[AgentScope.Setting]));
        module.Services.AddSingleton<AgentRights>();
        module.Kind<WorkloadDefinition>();
        module
            .Kind<WorkloadInstance>()
            .ForDevelopers()
            .Watches<WorkloadDefinition>(static x => x.Spec.WorkloadDefinition)
            .Watches<KubernetesRuntimeInstance>(static x => x.Spec.KubernetesRuntimeInstance)
            .Watches<WorkloadObservation>(static x => x.Name);
        module.Kind<WorkloadObservation>().WithoutHistory();
    }
}
