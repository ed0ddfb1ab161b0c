using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Reading;

namespace Threeport.Server.Watching;

/// <summary>Waits until a resource is reconciled, or gone once its deletion was asked for.</summary>
internal sealed class ReconcileWait(ChangeHub hub, IResourceReader reader, TimeProvider time)
{
    /// <summary>For while the broker is away; with it, changes come by themselves.</summary>
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);

    /// <returns>Whether it came to that in time, and the resource as it is; null when it is gone.</returns>
    public async Task<(bool Reached, Resource? Resource)> UntilSettledAsync(
        KindDescriptor kind,
        Resource written,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        using var elapsed = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, elapsed.Token);
        Resource? latest = written;
        while (true)
        {
            using var subscription = hub.Subscribe(c => c.Id == written.Id);
            // After subscribing, so that nothing falls between.
            latest = await ReadAsync(kind, written, cancellationToken);
            while (!IsSettled(latest, written))
            {
                try
                {
                    var (ended, change) = await NextAsync(subscription, either.Token);
                    latest = change is null ? await ReadAsync(kind, written, cancellationToken) : change.Resource;
                    if (ended)
                    {
                        break;
                    }
                }
                catch (OperationCanceledException) when (elapsed.IsCancellationRequested)
                {
                    return (false, await ReadAsync(kind, written, cancellationToken));
                }
            }

            if (IsSettled(latest, written))
            {
                return (true, latest);
            }
        }
    }

    /// <returns>The next change, or none when it is time to look anyway; and whether the subscription has ended.</returns>
    private async Task<(bool Ended, Change? Change)> NextAsync(
        Subscription subscription,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var change = subscription.Changes.WaitToReadAsync(limit.Token).AsTask();
        var look = Task.Delay(LookAnyway, time, limit.Token);
        var first = await Task.WhenAny(change, look);
        try
        {
            if (first == look)
            {
                await look;
                return (false, null);
            }

            if (!await change)
            {
                // Not at once again: the hub needs a moment to come back.
                await look;
                return (true, null);
            }

            return (false, subscription.Changes.TryRead(out var next) ? next : null);
        }
        finally
        {
            await limit.CancelAsync();
        }
    }

    private async Task<Resource?> ReadAsync(
        KindDescriptor kind,
        Resource written,
        CancellationToken cancellationToken
    ) =>
        await reader.FindAsync(kind, written.Name, cancellationToken) is { } found && found.Id == written.Id
            ? found
            : null;

    private static bool IsSettled(Resource? now, Resource written) =>
        now is null || (written.DeletionRequestedAt is null && now.Generation >= written.Generation && now.IsReady);
}
