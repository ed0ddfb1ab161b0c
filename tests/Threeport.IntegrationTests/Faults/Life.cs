using Threeport.Api;
using Threeport.IntegrationTests.Agent;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Faults;

/// <summary>
/// One resource from its creation to its end, over a real cluster, by a reconciler that dies once on the way and is followed by
/// another. What a dead one has in flight does not arrive.
/// </summary>
internal sealed class Life<T>(
    MemoryResources resources,
    RecordingProxy proxy,
    Func<IReconciler<T>> start,
    string name,
    CrashPoints points
)
    where T : Resource, IKind
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private IReconciler<T> _reconciler = start();

    /// <summary>Passes until one comes out as wanted.</summary>
    public async Task UntilAsync(string phase, Func<Result, bool> isDone, bool finalize = false)
    {
        points.Phase = phase;
        (resources.Dies, proxy.Dies) = (points.Dies, points.Dies);
        Result? last = null;
        await Eventually.TrueAsync(
            $"{name} is settled",
            async () =>
            {
                try
                {
                    last = await resources.PassAsync(_reconciler, name, finalize);
                    return isDone(last) ? true : throw new InvalidOperationException($"{last}");
                }
                catch (Exception) when (points.IsDead)
                {
                    points.Revive();
                    _reconciler = start();
                    return false;
                }
            },
            Limit
        );
    }
}
