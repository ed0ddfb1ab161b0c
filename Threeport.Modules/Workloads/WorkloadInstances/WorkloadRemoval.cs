using System.Collections.Concurrent;
using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>
/// Removes objects, the last stage first; a stage begins when the one before it is gone. Only what still carries the
/// instance's label goes, and only the very object that was looked at.
/// </summary>
internal sealed class WorkloadRemoval(ClusterClient cluster, Guid instance)
{
    private readonly ConcurrentDictionary<ObjectReference, bool> _gone = new();
    private readonly ConcurrentQueue<ObjectReference> _terminating = new();
    private readonly ConcurrentQueue<ObjectFailure> _failures = new();

    /// <summary>What could not be removed.</summary>
    public IReadOnlyCollection<ObjectFailure> Failures => _failures;

    /// <summary>What is on its way.</summary>
    public IReadOnlyCollection<ObjectReference> Terminating => _terminating;

    /// <summary>Whether the object need not be remembered any more.</summary>
    public bool IsGone(ObjectReference reference) => _gone.ContainsKey(reference);

    public async Task RunAsync(IEnumerable<AppliedObject> objects, CancellationToken cancellationToken)
    {
        var stages = objects
            .Select(static o => o.Reference())
            .GroupBy(static o => Stages.Of(o.ApiVersion, o.Kind))
            .OrderByDescending(static s => s.Key);
        foreach (var stage in stages)
        {
            var options = new ParallelOptions
            {
                MaxDegreeOfParallelism = WorkloadApply.MaximumAtOnce,
                CancellationToken = cancellationToken,
            };
            await Parallel.ForEachAsync(stage, options, RemoveAsync);
            if (!_failures.IsEmpty || !_terminating.IsEmpty)
            {
                return;
            }
        }
    }

    private async ValueTask RemoveAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        try
        {
            var there = await cluster.FindAsync(reference, cancellationToken, metadataOnly: true);
            if (there is null || WorkloadLabels.OwnerOf(there) != instance.ToString("D"))
            {
                _gone[reference] = true;
                return;
            }

            if (there["metadata"]!["deletionTimestamp"] is not null)
            {
                _terminating.Enqueue(reference);
                return;
            }

            var propagation = Stages.OwnsPods(reference.ApiVersion, reference.Kind)
                ? Propagation.Foreground
                : Propagation.Background;
            var uid = there["metadata"]!["uid"]?.GetValue<string>();
            if (await cluster.DeleteAsync(reference, propagation, uid, cancellationToken) is DeleteOutcome.Terminating)
            {
                _terminating.Enqueue(reference);
            }
            else
            {
                _gone[reference] = true;
            }
        }
        catch (KubernetesException exception)
        {
            _failures.Enqueue(ObjectFailure.Of(reference, exception));
        }
    }
}
