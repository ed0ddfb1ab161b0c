using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>Which resources of one kind look at a resource of another.</summary>
internal interface IWatch
{
    /// <summary>The kind whose reconciler is woken.</summary>
    string WatcherPlural { get; }

    /// <summary>The kind that is watched.</summary>
    string WatchedPlural { get; }

    /// <returns>The ids to wake; also for a resource that is gone, of which only the name is known.</returns>
    IAsyncEnumerable<Guid> AffectedAsync(string name, IResources resources, CancellationToken cancellationToken);
}

internal sealed class Watch<T, TOther>(Func<TOther, ResourceFilter<T>> affected) : IWatch
    where T : Resource, IKind
    where TOther : Resource, IKind
{
    public string WatcherPlural => T.Plural;

    public string WatchedPlural => TOther.Plural;

    public async IAsyncEnumerable<Guid> AffectedAsync(
        string name,
        IResources resources,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var other = await resources.FindAsync<TOther>(name, cancellationToken);
        if (other is null)
        {
            other = Activator.CreateInstance<TOther>();
            other.Name = name;
        }

        await foreach (var resource in resources.ListAsync(affected(other), cancellationToken))
        {
            yield return resource.Id;
        }
    }
}
