using System.Text.Json.Nodes;
using Threeport.Agent.Workloads;

namespace Threeport.Agent.Watching;

/// <summary>What to look at: each change adjusts which types are watched.</summary>
internal sealed class WorkloadSink(ClusterView view, ObjectWatches watches) : IWatchSink<WorkloadSpec>
{
    public WorkloadSpec? Distill(JsonObject content) => WorkloadSpec.Of(content);

    public void Replace(IReadOnlyList<WorkloadSpec> all)
    {
        view.Replace(all);
        watches.Adjust();
    }

    public void Put(WorkloadSpec one)
    {
        view.Put(one);
        watches.Adjust();
    }

    public void Remove(WorkloadSpec one)
    {
        view.Remove(one.Id);
        watches.Adjust();
    }

    public void Unserved() => Replace([]);

    /// <remarks>What was asked for before may still be.</remarks>
    public void Denied(string why) { }
}
