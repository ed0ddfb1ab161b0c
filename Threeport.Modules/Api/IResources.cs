namespace Threeport.Api;

/// <summary>
/// The API layer as a client sees it: the only way to another module's resources. There are two transports, in process and
/// HTTPS; both validate, authorise, keep history and announce. Failures are <see cref="ProblemException"/>.
/// </summary>
public interface IResources
{
    /// <returns>The resource of that name, or null when there is none.</returns>
    Task<T?> FindAsync<T>(string name, CancellationToken cancellationToken)
        where T : Resource, IKind;

    /// <summary>All that match, in order of name. Pages itself.</summary>
    IAsyncEnumerable<T> ListAsync<T>(ResourceFilter<T> filter, CancellationToken cancellationToken)
        where T : Resource, IKind;

    /// <summary>Creates or replaces: name, labels and spec are taken, the rest is ignored.</summary>
    /// <returns>What is stored now.</returns>
    Task<T> PutAsync<T>(T resource, CancellationToken cancellationToken)
        where T : Resource, IKind;

    /// <summary>Asks for deletion.</summary>
    /// <returns>False when there is no such resource.</returns>
    Task<bool> DeleteAsync<T>(string name, CancellationToken cancellationToken)
        where T : Resource, IKind;

    /// <summary>Adds to the events of a resource; those with a known key are counted up, not repeated.</summary>
    Task RecordEventsAsync<T>(
        string name,
        IReadOnlyList<ResourceEventRecord> events,
        CancellationToken cancellationToken
    )
        where T : Resource, IKind;
}
