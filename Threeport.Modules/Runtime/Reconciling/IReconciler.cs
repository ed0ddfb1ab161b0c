using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>
/// Makes the world match one resource. Level-triggered: it is told which resource, never what changed, and may be called at
/// any time, any number of times, also after a pass that died anywhere.
/// </summary>
public interface IReconciler<T>
    where T : Resource, IKind
{
    /// <summary>Compares, decides, acts, and writes what it found to <c>pass.Resource.Status</c>. Throw to be retried with backoff.</summary>
    ValueTask<Result> ReconcileAsync(Pass<T> pass, CancellationToken cancellationToken);

    /// <summary>Undoes it all once deletion is requested; the resource goes when this is ready.</summary>
    ValueTask<Result> FinalizeAsync(Pass<T> pass, CancellationToken cancellationToken) => new(Result.Ready);
}
