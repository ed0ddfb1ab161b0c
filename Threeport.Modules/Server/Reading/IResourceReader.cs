using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Resources;

namespace Threeport.Server.Reading;

/// <summary>Reads what is stored. What is read may be old when it arrives: who writes must compare.</summary>
internal interface IResourceReader
{
    /// <returns>Null when there is none of that name.</returns>
    Task<Resource?> FindAsync(KindDescriptor kind, string name, CancellationToken cancellationToken);

    /// <returns>Those that there are, in no order.</returns>
    Task<IReadOnlyList<Resource>> FindManyAsync(
        KindDescriptor kind,
        string[] names,
        CancellationToken cancellationToken
    );

    /// <summary>A page.</summary>
    Task<ListPage> ListAsync(KindDescriptor kind, ListQuery query, CancellationToken cancellationToken);

    /// <summary>What clients did to a name, newest first.</summary>
    Task<IReadOnlyList<HistoryRow>> HistoryAsync(KindDescriptor kind, string name, CancellationToken cancellationToken);

    /// <summary>What happened to a resource, newest first.</summary>
    Task<IReadOnlyList<ResourceEvent>> EventsAsync(Guid resourceId, CancellationToken cancellationToken);

    /// <returns>The name nearest to one that is not there; null when none is near.</returns>
    Task<string?> NearestNameAsync(KindDescriptor kind, string name, CancellationToken cancellationToken);
}
