using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>Turns observe, create, update and delete into a reconciler, once for every provider.</summary>
internal sealed class ExternalReconciler<T>(IExternalClient<T> external) : IReconciler<T>
    where T : Resource, IKind
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(15);

    public async ValueTask<Result> ReconcileAsync(Pass<T> pass, CancellationToken cancellationToken)
    {
        switch (await external.ObserveAsync(pass.Resource, cancellationToken))
        {
            case Observation.Missing:
                await external.CreateAsync(pass.Resource, cancellationToken);
                return Result.Waiting("Creating", "The external resource was requested.", Poll);
            case Observation.Outdated:
                await external.UpdateAsync(pass.Resource, cancellationToken);
                return Result.Waiting("Updating", "The external resource is being updated.", Poll);
            case Observation.Progressing:
                return Result.Waiting("Progressing", "The external resource is not available yet.", Poll);
            default:
                return Result.Ready;
        }
    }

    public async ValueTask<Result> FinalizeAsync(Pass<T> pass, CancellationToken cancellationToken)
    {
        switch (await external.ObserveAsync(pass.Resource, cancellationToken))
        {
            case Observation.Missing:
                return Result.Ready;
            case Observation.Progressing:
                break;
            default:
                await external.DeleteAsync(pass.Resource, cancellationToken);
                break;
        }

        return Result.Waiting("Deleting", "The external resource is being deleted.", Poll);
    }
}
