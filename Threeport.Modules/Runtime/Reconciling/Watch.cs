using System.Linq.Expressions;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>Which resources of one kind look at a resource of another.</summary>
internal interface IWatch
{
    /// <summary>The kind whose reconciler is woken.</summary>
    string WatcherPlural { get; }

    /// <summary>The kind that is watched.</summary>
    string WatchedPlural { get; }

    /// <returns>The ids to wake; also for a resource that is gone.</returns>
    IAsyncEnumerable<Guid> AffectedAsync(string name, IResources resources, CancellationToken cancellationToken);
}

/// <summary>By a field that names the other: neither that one nor anything else has to be read to know whom to ask for.</summary>
internal sealed class Watch<T, TOther>(Expression<Func<T, object?>> field) : IWatch
    where T : Resource, IKind
    where TOther : Resource, IKind
{
    public string WatcherPlural => T.Plural;

    public string WatchedPlural => TOther.Plural;

    public IAsyncEnumerable<Guid> AffectedAsync(
        string name,
        IResources resources,
        CancellationToken cancellationToken
    ) => resources.ListAsync(ResourceFilter<T>.All.Where(field, name), cancellationToken).Select(static r => r.Id);
}
