using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>What a look at the outside found.</summary>
public enum Observation
{
    /// <summary>There is nothing.</summary>
    Missing,

    /// <summary>It is being made, changed or removed.</summary>
    Progressing,

    /// <summary>It is there, and not as asked for.</summary>
    Outdated,

    /// <summary>It is there as asked for.</summary>
    UpToDate,
}

/// <summary>One outside resource behind a provider's API. Every call is idempotent and none of them waits.</summary>
public interface IExternalClient<in T>
    where T : Resource, IKind
{
    /// <summary>Looks, by the identifier in the status or else by the owner's tag, and notes what it found in the status.</summary>
    ValueTask<Observation> ObserveAsync(T resource, CancellationToken cancellationToken);

    /// <summary>Makes it, tagged with the owner's id.</summary>
    ValueTask CreateAsync(T resource, CancellationToken cancellationToken);

    /// <summary>Changes it to what is asked for.</summary>
    ValueTask UpdateAsync(T resource, CancellationToken cancellationToken);

    /// <summary>Starts its removal.</summary>
    ValueTask DeleteAsync(T resource, CancellationToken cancellationToken);
}
