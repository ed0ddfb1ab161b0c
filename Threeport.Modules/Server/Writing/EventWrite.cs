using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>Adds events to a resource.</summary>
internal sealed class EventWrite(KindStore store, string name, IReadOnlyList<ResourceEventRecord> events, Caller caller)
    : Operation
{
    public override IReadOnlyList<Target> Targets { get; } = [new(store, name)];

    public override void Decide(Changes changes)
    {
        var resource = changes.Find(store, name) ?? throw Refusals.NotFound(store.Kind, name);
        AgentScope.Require(caller, store.Kind, resource);
        changes.Events.AddRange(events.Select(e => (resource.Id, e)));
    }
}
