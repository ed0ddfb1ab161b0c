using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Resources;

/// <summary>
/// The API layer below its transports: HTTP endpoints and the in-process <see cref="IResources"/> both end here. Every
/// method authorises the caller first; failures are <see cref="ProblemException"/>.
/// </summary>
internal sealed class ResourceApi
{
    /// <summary>Validates and stores all of the writes or, if one fails, none.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="requests">At most 1,000. Applied in the order of their references, answered in the order given.</param>
    /// <param name="dryRun">Answer with what would be stored and store nothing.</param>
    /// <param name="cancellationToken">Of the request; a write that has reached the database is not undone by it.</param>
    public Task<IReadOnlyList<WriteResult>> WriteAsync(
        Caller caller,
        IReadOnlyList<WriteRequest> requests,
        bool dryRun,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <returns>The resource, sensitive fields in clear: the transport redacts them. Null when there is none.</returns>
    public Task<Resource?> FindAsync(
        Caller caller,
        KindDescriptor kind,
        string name,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>One page.</summary>
    public Task<ListPage> ListAsync(
        Caller caller,
        KindDescriptor kind,
        ListQuery query,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>The history of a name, newest first; it outlives the resource.</summary>
    public Task<IReadOnlyList<HistoryRow>> HistoryAsync(
        Caller caller,
        KindDescriptor kind,
        string name,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>The events of a resource, newest first.</summary>
    public Task<IReadOnlyList<ResourceEvent>> EventsAsync(
        Caller caller,
        KindDescriptor kind,
        string name,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>Adds to the events of a resource.</summary>
    public Task RecordEventsAsync(
        Caller caller,
        KindDescriptor kind,
        string name,
        IReadOnlyList<ResourceEventRecord> events,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();
}
