using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>
/// Who makes clusters for runtimes: a word that <c>infraProvider</c> may have, and how what is asked for is said in the kinds of the
/// module that knows how. Nothing of it touches the provider: it turns one resource into another, through the API layer. Every process
/// has the declarations of all modules, so the runtimes' controllers need not be where the provider's are.
/// </summary>
public abstract class ClusterProvider
{
    private protected ClusterProvider() { }

    /// <summary>The word: <c>eks</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in a few words that follow the name: <c>a cluster of Amazon EKS</c>.</summary>
    public abstract string Summary { get; }

    /// <summary>Where it has clusters made, in the words that no provider owns.</summary>
    public abstract IReadOnlyCollection<string> Locations { get; }

    /// <returns>Why it has no such clusters, and what it has instead; null when it has.</returns>
    public abstract string? Refuse(ClusterShape shape);

    /// <summary>Reconciles the resources whose name is that of a cluster of this provider whenever that cluster changes.</summary>
    public abstract void WatchedBy<TWatcher>(KindBuilder<TWatcher> kind)
        where TWatcher : Resource, IKind;

    /// <summary>States the provider's own definition.</summary>
    /// <exception cref="ProblemException">The API layer does not take it.</exception>
    public abstract Task PutDefinitionAsync(
        IResources resources,
        ClusterShape shape,
        CancellationToken cancellationToken
    );

    /// <summary>Asks for the end of the definition that belongs to the runtime's definition of that name.</summary>
    /// <returns>True once there is none.</returns>
    /// <exception cref="ProblemException">It is in use.</exception>
    public abstract Task<bool> DeleteDefinitionAsync(
        IResources resources,
        string name,
        CancellationToken cancellationToken
    );

    /// <returns>The cluster of a runtime; null when none was asked for yet.</returns>
    public abstract Task<ProvidedCluster?> FindAsync(
        IResources resources,
        string runtime,
        CancellationToken cancellationToken
    );

    /// <summary>Asks for a cluster.</summary>
    /// <exception cref="ProblemException">The API layer does not take it.</exception>
    public abstract Task<ProvidedCluster> PutAsync(
        IResources resources,
        ClusterPlace place,
        CancellationToken cancellationToken
    );

    /// <summary>Asks for the end of the cluster of a runtime.</summary>
    public abstract Task DeleteAsync(IResources resources, string runtime, CancellationToken cancellationToken);
}

/// <summary>A provider with a kind for definitions and one for clusters.</summary>
public abstract class ClusterProvider<TDefinition, TCluster> : ClusterProvider
    where TDefinition : Resource, IKind
    where TCluster : Resource, IKind
{
    /// <summary>The provider's own definition for a shape; it belongs to the runtime's definition of the same name.</summary>
    protected abstract TDefinition Define(ClusterShape shape);

    /// <summary>The provider's own resource for a place; it belongs to the runtime of the same name.</summary>
    protected abstract TCluster Place(ClusterPlace place);

    /// <returns>The runtime's definition that it belongs to; null when somebody made it by himself.</returns>
    protected abstract string? OwnerOf(TDefinition definition);

    /// <returns>The runtime that it belongs to; null when somebody made it by himself.</returns>
    protected abstract string? OwnerOf(TCluster cluster);

    /// <returns>How to reach it; null while it cannot be.</returns>
    protected abstract ClusterAccess? AccessTo(TCluster cluster);

    /// <inheritdoc />
    public sealed override void WatchedBy<TWatcher>(KindBuilder<TWatcher> kind) =>
        kind.Watches<TCluster>(static x => x.Name);

    /// <inheritdoc />
    public sealed override async Task PutDefinitionAsync(
        IResources resources,
        ClusterShape shape,
        CancellationToken cancellationToken
    )
    {
        var name = shape.Definition;
        if (await resources.FindAsync<TDefinition>(name, cancellationToken) is { } there && OwnerOf(there) != name)
        {
            throw new ProblemException(
                Problems.Conflict(
                    $"There is a {TDefinition.Singular} {name} already that does not belong to this definition."
                )
            );
        }

        await resources.PutAsync(Define(shape), cancellationToken);
    }

    /// <inheritdoc />
    public sealed override async Task<bool> DeleteDefinitionAsync(
        IResources resources,
        string name,
        CancellationToken cancellationToken
    )
    {
        if (await resources.FindAsync<TDefinition>(name, cancellationToken) is not { } there || OwnerOf(there) != name)
        {
            return true;
        }

        await resources.DeleteAsync<TDefinition>(name, cancellationToken);
        return await resources.FindAsync<TDefinition>(name, cancellationToken) is null;
    }

    /// <inheritdoc />
    public sealed override async Task<ProvidedCluster?> FindAsync(
        IResources resources,
        string runtime,
        CancellationToken cancellationToken
    ) =>
        await resources.FindAsync<TCluster>(runtime, cancellationToken) is { } cluster
            ? Provided(cluster, runtime)
            : null;

    /// <inheritdoc />
    public sealed override async Task<ProvidedCluster> PutAsync(
        IResources resources,
        ClusterPlace place,
        CancellationToken cancellationToken
    ) => Provided(await resources.PutAsync(Place(place), cancellationToken), place.Runtime);

    /// <inheritdoc />
    public sealed override Task DeleteAsync(
        IResources resources,
        string runtime,
        CancellationToken cancellationToken
    ) => resources.DeleteAsync<TCluster>(runtime, cancellationToken);

    private ProvidedCluster Provided(TCluster cluster, string runtime) =>
        new(cluster, TCluster.Singular, OwnerOf(cluster) == runtime, AccessTo(cluster));
}
