using Threeport.Modules.Aws;
using Threeport.Modules.ControlPlanes;
using Threeport.Modules.KubernetesRuntimes;
using Threeport.Modules.Workloads;
using Threeport.Runtime;

namespace Threeport.Host;

/// <summary>Every module of this control plane, in no order that matters. Configuration chooses among them.</summary>
internal static class Modules
{
    public static IReadOnlyList<IModule> All { get; } =
    [new AwsModule(), new ControlPlanesModule(), new KubernetesRuntimesModule(), new WorkloadsModule()];
}
