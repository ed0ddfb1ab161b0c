using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Reading;

namespace Threeport.Server.Watching;

/// <summary>
/// Follows the log of changes once for the whole process, reads what changed once, and hands it to everybody who listens.
/// </summary>
internal sealed partial class ChangeHub(
    ChangeLog log,
    IResourceReader reader,
    Streams streams,
    TimeProvider time,
    ILogger<ChangeHub> logger
) : BackgroundService
{
    public const int MaxChunk = 256;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<Subscription, bool> _subscriptions = new();

    /// <summary>Where the hub is; null while the broker is away.</summary>
    public LogPosition? Position { get; private set; }

    /// <summary>Changes from now on, until it is disposed of or ends by itself.</summary>
    public Subscription Subscribe(Func<Change, bool> matches)
    {
        var subscription = new Subscription(matches, s => _subscriptions.TryRemove(s, out _));
        _subscriptions[subscription] = true;
        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogBroken(e);
            }

            Position = null;
            foreach (var subscription in _subscriptions.Keys)
            {
                subscription.End();
            }

            await Task.Delay(RetryAfter, time, stoppingToken);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await streams.EnsureAsync(cancellationToken);
        var end = await log.EndAsync(time, cancellationToken);
        Position = end;
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watchdog = WatchIdentityAsync(end.Stream, lost);
        try
        {
            await foreach (var changes in log.AfterAsync(end, lost.Token).InChunks(MaxChunk, lost.Token))
            {
                // Before they are handed out: who subscribes from here on, and so does not get them, catches up to them.
                Position = changes[^1].Position;
                await HandOutAsync(changes, lost.Token);
            }
        }
        finally
        {
            await lost.CancelAsync();
            await watchdog;
        }
    }

    /// <summary>A broker that lost its disk begins a new log, which a consumer of the old one never notices.</summary>
    private async Task WatchIdentityAsync(string stream, CancellationTokenSource lost)
    {
        try
        {
            while (true)
            {
                await Task.Delay(CheckEvery, time, lost.Token);
                if ((await log.EndAsync(time, lost.Token)).Stream != stream)
                {
                    break;
                }
            }
        }
        catch (Exception e)
        {
            LogBroken(e);
        }

        await lost.CancelAsync();
    }

    private async Task HandOutAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var wanted = changes.Where(c => _subscriptions.Keys.Any(s => s.Matches(c))).ToList();
        foreach (var change in await LoadAsync(wanted, cancellationToken))
        {
            foreach (var listener in _subscriptions.Keys.Where(s => s.Matches(change)))
            {
                listener.Offer(change);
            }
        }
    }

    /// <summary>
    /// Reads what changed, a kind at a time. A later change may have been stored already: what is read is never older than what is
    /// told.
    /// </summary>
    /// <returns>In the order given; of each resource the last one.</returns>
    public async Task<IReadOnlyList<Change>> LoadAsync(
        IReadOnlyList<Change> changes,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<Guid, Resource>();
        foreach (var kind in changes.Where(static c => !c.Deleted).GroupBy(static c => c.Kind))
        {
            var names = kind.Select(static c => c.Name).Distinct().ToArray();
            foreach (var resource in await reader.FindManyAsync(kind.Key, names, cancellationToken))
            {
                found[resource.Id] = resource;
            }
        }

        // Of many changes of one resource the last says all.
        return
        [
            .. changes
                .Reverse()
                .DistinctBy(static c => c.Id)
                .Reverse()
                .Select(c =>
                    found.TryGetValue(c.Id, out var resource)
                        ? c with
                        {
                            Resource = resource,
                        }
                        : c with
                        {
                            Deleted = true,
                        }
                ),
        ];
    }

    [LoggerMessage(LogLevel.Debug, "The log of changes cannot be followed just now.")]
    private partial void LogBroken(Exception exception);
}
