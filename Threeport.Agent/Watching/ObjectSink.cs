using System.Text.Json.Nodes;
using Threeport.Agent.Objects;
using Threeport.Agent.Workloads;

namespace Threeport.Agent.Watching;

/// <summary>Objects of workloads.</summary>
internal sealed class ObjectSink(ObjectType type, ClusterView view) : IWatchSink<TrackedObject>
{
    /// <remarks>
    /// An object that lost its label comes as deleted, as it last was: it is no longer told apart from strangers', and what was
    /// applied put the label there.
    /// </remarks>
    public TrackedObject? Distill(JsonObject content) => TrackedObject.Of(content);

    public void Replace(IReadOnlyList<TrackedObject> all) => view.Replace(type, all);

    public void Put(TrackedObject one) => view.Put(one);

    public void Remove(TrackedObject one) => view.Remove(one);

    public void Unserved() => view.SetState(type, TypeState.Unserved);

    public void Denied(string why) => view.SetState(type, TypeState.Denied($"the agent may not see it: {why}"));
}
