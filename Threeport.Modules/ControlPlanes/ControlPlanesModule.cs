using Microsoft.Extensions.DependencyInjection.Extensions;
using Threeport.Kubernetes;
using Threeport.Modules.ControlPlanes.ControlPlaneDefinitions;
using Threeport.Modules.ControlPlanes.ControlPlaneInstances;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

namespace Threeport.Modules.ControlPlanes;

/// <summary>Threeport control planes; today the one that is asked, where it is installed in a cluster.</summary>
public sealed class ControlPlanesModule : IModule
{
    public string Name => "control-planes";

    public void Configure(ModuleBuilder module)
    {
        module.Services.TryAddSingleton(ClusterPolicy.Of(module.Configuration[ClusterPolicy.LoopbackSetting]));
        module.Services.TryAddSingleton<ClusterPool>();
        module.Kind<ControlPlaneDefinition>();
        module
            .Kind<ControlPlaneInstance>()
            .AtMostOne(static x => x.Spec.IsSelf)
            .Watches<KubernetesRuntimeInstance>(static x => x.Spec.KubernetesRuntimeInstance);
    }
}
