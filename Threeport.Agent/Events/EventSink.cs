using System.Text.Json.Nodes;
using Threeport.Agent.Watching;

namespace Threeport.Agent.Events;

/// <summary>The cluster's events.</summary>
internal sealed class EventSink(EventQueue queue) : IWatchSink<ClusterEvent>
{
    public ClusterEvent? Distill(JsonObject content) => ClusterEvent.Of(content);

    public void Replace(IReadOnlyList<ClusterEvent> all) => queue.Replace(all);

    public void Put(ClusterEvent one) => queue.Put(one);

    public void Remove(ClusterEvent one) => queue.Remove(one);

    /// <remarks>Reports go without events; the watch says why in the log.</remarks>
    public void Unserved() { }

    public void Denied(string why) { }
}
