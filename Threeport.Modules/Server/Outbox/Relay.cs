using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Threeport.Runtime;
using Threeport.Server.Storage;

namespace Threeport.Server.Outbox;

/// <summary>
/// Publishes outbox rows and removes each once it is confirmed. What this process has just written comes through memory;
/// what other processes, or a crash, left behind is found by a sweep. Also wakes passes that are due, and the resync.
/// </summary>
internal sealed partial class Relay(
    IOutboxTable outbox,
    IBroker broker,
    KindCatalog kinds,
    Node node,
    TimeProvider time,
    Random random,
    ILogger<Relay> logger
) : BackgroundService
{
    /// <summary>How long a lost notification of a due pass goes unnoticed at the most.</summary>
    private static readonly TimeSpan DueRetry = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RecoverAgainAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeftBehindAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ResyncEvery = TimeSpan.FromSeconds(60);

    private readonly Channel<OutboxRow> _fresh = Channel.CreateBounded<OutboxRow>(
        // What does not fit is left to the sweep.
        new BoundedChannelOptions(20_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );
    private readonly Channel<bool> _connected = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly DueClock _clock = new(time);
    private DateTimeOffset _streamMade;

    /// <summary>Whether the last attempt to publish succeeded, or there was nothing to publish.</summary>
    public bool IsHealthy { get; private set; } = true;

    /// <summary>To be called after the commit that stored the rows.</summary>
    public void Wake(IReadOnlyList<OutboxRow> rows)
    {
        foreach (var row in rows)
        {
            _fresh.Writer.TryWrite(row);
        }
    }

    /// <summary>A pass is due after this long; null when none is.</summary>
    public void WakeAt(TimeSpan? delay)
    {
        if (delay is { } after)
        {
            _clock.Set(after);
        }
    }

    public override void Dispose()
    {
        _clock.Dispose();
        base.Dispose();
    }

    /// <summary>Relays until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        broker.Connected += OnConnected;
        try
        {
            await PrepareAsync(stoppingToken);
            await Task.WhenAll(
                PublishFreshAsync(stoppingToken),
                WakeDueAsync(stoppingToken),
                RecoverAsync(stoppingToken),
                EveryAsync(SweepEvery, token => SweepAsync(LeftBehindAfter, token), stoppingToken),
                EveryAsync(ResyncEvery, ResyncAsync, stoppingToken)
            );
        }
        finally
        {
            broker.Connected -= OnConnected;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    private void OnConnected() => _connected.Writer.TryWrite(true);

    /// <summary>The streams, and what a former life of this node left: before anything is published.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        while (!await TryAsync(PrepareOnceAsync, cancellationToken))
        {
            await Task.Delay(SweepEvery, time, cancellationToken);
        }
    }

    private async Task PrepareOnceAsync(CancellationToken cancellationToken)
    {
        await EnsureStreamsAsync(cancellationToken);
        Wake(await outbox.ReleaseAllOfAsync(node.Name, node.Owner, cancellationToken));
        await ResyncAsync(cancellationToken);
    }

    /// <summary>
    /// Makes the streams where they are missing. One that is new holds nothing of what was told before, and who watched for it
    /// is not known to be behind: every controller looks at everything once.
    /// </summary>
    private async Task EnsureStreamsAsync(CancellationToken cancellationToken)
    {
        var made = await broker.EnsureStreamAsync(cancellationToken);
        if (made == _streamMade)
        {
            return;
        }

        if (await outbox.IsOtherStreamAsync(made, cancellationToken))
        {
            await TellAsync(outbox.EveryoneAsync, cancellationToken);
            // Afterwards: whoever dies on the way is followed by one who begins again.
            await outbox.RememberStreamAsync(made, cancellationToken);
        }

        _streamMade = made;
    }

    /// <summary>The broker is there again: what waited goes out now.</summary>
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        while (await _connected.Reader.WaitToReadAsync(cancellationToken))
        {
            _connected.Reader.TryRead(out _);
            var pause = RecoverAgainAfter;
            while (!await TryAsync(RecoverOnceAsync, cancellationToken))
            {
                await Task.Delay(pause, time, cancellationToken);
                // While the database is away this is as fruitless as the sweep, and so no more frequent.
                pause = pause * 2 < SweepEvery ? pause * 2 : SweepEvery;
            }
        }
    }

    private async Task RecoverOnceAsync(CancellationToken cancellationToken)
    {
        await EnsureStreamsAsync(cancellationToken);
        await SweepAsync(TimeSpan.Zero, cancellationToken);
    }

    private async Task PublishFreshAsync(CancellationToken cancellationToken)
    {
        var rows = new List<OutboxRow>();
        while (await _fresh.Reader.WaitToReadAsync(cancellationToken))
        {
            while (rows.Count < 512 && _fresh.Reader.TryRead(out var row))
            {
                rows.Add(row);
            }

            // While the broker is away the rows wait in the database, and the sweep brings them.
            if (broker.IsConnected)
            {
                await TryAsync(token => PublishAsync(rows, token), cancellationToken);
            }

            rows.Clear();
        }
    }

    private async Task PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var (confirmed, failure) = await broker.PublishAsync(rows, cancellationToken);
        if (confirmed.Count > 0)
        {
            ServerMetrics.Published.Add(confirmed.Count);
            await outbox.DeleteAsync([.. confirmed], cancellationToken);
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private void Show(Backlog backlog)
    {
        ServerMetrics.OutboxAge.Record(backlog.OldestAge.TotalSeconds);
        ServerMetrics.OutboxRows.Record(backlog.Rows);
        foreach (var kind in kinds.Kinds.Where(static k => k.IsReconciled))
        {
            ServerMetrics.Unsettled.Record(
                backlog.Unsettled.GetValueOrDefault(kind.Plural),
                new KeyValuePair<string, object?>("kind", kind.Plural)
            );
        }
    }

    /// <summary>Until the broker took all that was left behind, or fails.</summary>
    private async Task SweepAsync(TimeSpan leftBehindAfter, CancellationToken cancellationToken)
    {
        Show(await outbox.BacklogAsync(cancellationToken));
        Wake(await outbox.TakeExpiredAsync(cancellationToken));
        await TakeDueAsync(cancellationToken);
        while (
            broker.IsConnected
            && await outbox.LeftBehindAsync(leftBehindAfter, cancellationToken) is { Count: > 0 } rows
        )
        {
            // The broker may have come back without its disk.
            await EnsureStreamsAsync(cancellationToken);
            await PublishAsync(rows, cancellationToken);
        }
    }

    /// <summary>Tells the controllers of everything that is not settled: what a broker forgot, they hear again.</summary>
    private async Task ResyncAsync(CancellationToken cancellationToken)
    {
        if (!broker.IsConnected)
        {
            return;
        }

        await EnsureStreamsAsync(cancellationToken);
        await TellAsync(outbox.UnsettledAsync, cancellationToken);
    }

    private async Task TellAsync(
        Func<Guid, CancellationToken, Task<IReadOnlyList<OutboxRow>>> next,
        CancellationToken cancellationToken
    )
    {
        for (var after = Guid.Empty; ; )
        {
            var rows = await next(after, cancellationToken);
            if (rows.Count == 0)
            {
                return;
            }

            if ((await broker.PublishAsync(rows, cancellationToken)).Failure is { } failure)
            {
                throw failure;
            }

            after = rows[^1].ResourceId;
        }
    }

    private async Task WakeDueAsync(CancellationToken cancellationToken)
    {
        while (await _clock.RingsAsync(cancellationToken))
        {
            await TryAsync(TakeDueAsync, cancellationToken);
        }
    }

    private async Task TakeDueAsync(CancellationToken cancellationToken)
    {
        Wake(await outbox.TakeDueAsync(DueRetry, cancellationToken));
        WakeAt(await outbox.UntilNextDueAsync(cancellationToken));
    }

    private async Task EveryAsync(
        TimeSpan period,
        Func<CancellationToken, Task> action,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            // Jitter, so that replicas do not do it in step.
            await Task.Delay(period * (0.9 + 0.2 * random.NextDouble()), time, cancellationToken);
            await TryAsync(action, cancellationToken);
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await action(cancellationToken);
            if (!IsHealthy)
            {
                LogRecovered();
            }

            return IsHealthy = true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Said once: an outage is one line, not one a second.
            if (IsHealthy)
            {
                LogFailed(e, Database.IsAway(e) ? "the database or the broker does not answer" : e.Message);
            }

            return IsHealthy = false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Notifications wait in the outbox: {Reason}.")]
    private partial void LogFailed(Exception exception, string reason);

    [LoggerMessage(LogLevel.Information, "Notifications are on their way again.")]
    private partial void LogRecovered();
}
