using System.Runtime.CompilerServices;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Resources;

namespace Threeport.Tests.Simulation;

/// <summary>Passes of a replica that has no database, through whichever API replica the balancer picks.</summary>
internal sealed class RemotePasses(SimProcess process, World world) : IPasses
{
    public Task<BegunPass<T>?> BeginAsync<T>(Guid id, string owner, CancellationToken cancellationToken)
        where T : Resource, IKind =>
        world.CallApiAsync(
            process,
            "begins a pass",
            api => api.Passes.BeginAsync<T>(id, owner, CancellationToken.None),
            cancellationToken
        );

    public Task<bool> RenewAsync<T>(Guid id, long epoch, CancellationToken cancellationToken)
        where T : Resource, IKind =>
        world.CallApiAsync(
            process,
            "renews",
            api => api.Passes.RenewAsync<T>(id, epoch, CancellationToken.None),
            cancellationToken
        );

    public Task CheckpointAsync<T>(T resource, long epoch, CancellationToken cancellationToken)
        where T : Resource, IKind
    {
        var sent = Sent(resource);
        return world.CallApiAsync(
            process,
            "checkpoints",
            async api =>
            {
                await api.Passes.CheckpointAsync(sent, epoch, CancellationToken.None);
                return true;
            },
            cancellationToken
        );
    }

    public Task EndAsync<T>(T resource, long epoch, PassOutcome outcome, CancellationToken cancellationToken)
        where T : Resource, IKind
    {
        var sent = Sent(resource);
        return world.CallApiAsync(
            process,
            "ends a pass",
            async api =>
            {
                await api.Passes.EndAsync(sent, epoch, outcome, CancellationToken.None);
                return true;
            },
            cancellationToken
        );
    }

    /// <summary>What is sent does not change any more, whatever the sender does next.</summary>
    private static T Sent<T>(T resource)
        where T : Resource
    {
        var copy = resource.Copy();
        if (copy is Machine machine)
        {
            machine.Status = machine.Status with { };
        }

        return (T)copy;
    }
}

/// <summary>Reads of a replica that has no database.</summary>
internal sealed class RemoteResources(SimProcess process, World world) : IResources
{
    private static readonly Caller Caller = Caller.Controller("machines");

    public Task<T?> FindAsync<T>(string name, CancellationToken cancellationToken)
        where T : Resource, IKind =>
        world.CallApiAsync(process, "finds", api => InProcess(api).FindAsync<T>(name, default), cancellationToken);

    public async IAsyncEnumerable<T> ListAsync<T>(
        ResourceFilter<T> filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where T : Resource, IKind
    {
        var found = await world.CallApiAsync(
            process,
            "lists",
            async api => await InProcess(api).ListAsync(filter, default).ToListAsync(),
            cancellationToken
        );
        foreach (var resource in found)
        {
            yield return resource;
        }
    }

    public Task<T> PutAsync<T>(T resource, CancellationToken cancellationToken)
        where T : Resource, IKind => throw new NotSupportedException("The simulated reconciler writes no resources.");

    public Task<bool> DeleteAsync<T>(string name, CancellationToken cancellationToken)
        where T : Resource, IKind => throw new NotSupportedException("The simulated reconciler writes no resources.");

    public Task RecordEventsAsync<T>(
        string name,
        IReadOnlyList<ResourceEventRecord> events,
        CancellationToken cancellationToken
    )
        where T : Resource, IKind => throw new NotSupportedException("The simulated reconciler records with its pass.");

    private static InProcessResources InProcess(SimHost api) =>
        new(api.Api!, Kinds.Catalog, api.Rights!, new CallerContext { Caller = Caller });
}
