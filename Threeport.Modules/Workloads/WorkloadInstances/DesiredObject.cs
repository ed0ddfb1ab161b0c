using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>An object as it shall be in the cluster: namespace and labels filled in.</summary>
internal sealed record DesiredObject(ObjectReference Reference, JsonObject Content)
{
    public Stage Stage => Stages.Of(Reference.ApiVersion, Reference.Kind);

    /// <summary>It goes by itself when it is done, so that its absence says nothing.</summary>
    public bool GoesByItself =>
        Reference is { ApiVersion: "batch/v1", Kind: "Job" } && Content["spec"]?["ttlSecondsAfterFinished"] is not null;
}
