using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Storage;
using Threeport.Server.Writing;

namespace Threeport.Server.Passes;

/// <summary>Passes of controllers in this process, and of those that come over HTTPS.</summary>
internal sealed class InProcessPasses(ILeaseTable leases, KindStores stores, Writer writer, TimeProvider time) : IPasses
{
    public async Task<BegunPass<T>?> BeginAsync<T>(Guid id, string owner, CancellationToken cancellationToken)
        where T : Resource, IKind
    {
        var taken = await leases.TakeAsync(stores[T.Plural], id, owner, cancellationToken);
        return taken is { Epoch: { } epoch, Resource: T resource }
            ? new(resource, epoch, taken.Failures, taken.Afresh)
            : null;
    }

    public Task<bool> RenewAsync<T>(Guid id, long epoch, CancellationToken cancellationToken)
        where T : Resource, IKind => leases.RenewAsync(id, epoch, cancellationToken);

    public Task CheckpointAsync<T>(T resource, long epoch, CancellationToken cancellationToken)
        where T : Resource, IKind => WriteAsync(resource, epoch, null, cancellationToken);

    public Task EndAsync<T>(T resource, long epoch, PassOutcome outcome, CancellationToken cancellationToken)
        where T : Resource, IKind => WriteAsync(resource, epoch, outcome, cancellationToken);

    private Task WriteAsync<T>(T resource, long epoch, PassOutcome? outcome, CancellationToken cancellationToken)
        where T : Resource, IKind
    {
        var store = stores[T.Plural];
        var caller = Caller.Controller(store.Kind.Module);
        return writer.WriteAsync(
            new PassWrite(store, resource, epoch, outcome, caller, time.GetUtcNow()),
            cancellationToken
        );
    }
}
