using System.Threading.Channels;

namespace Threeport.Server.Outbox;

/// <summary>Rings when the earliest of the times that it was told has come. Times are relative: no clock of another machine matters.</summary>
internal sealed class DueClock : IDisposable
{
    /// <summary>A timer takes no more than 49 days; when it rings early, the next time is asked for again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private long _next = long.MaxValue;

    public DueClock(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something is due after this long.</summary>
    public void Set(TimeSpan delay)
    {
        delay =
            delay < TimeSpan.Zero ? TimeSpan.Zero
            : delay > Longest ? Longest
            : delay;
        lock (_lock)
        {
            // Not the time of day: a clock that is put back or forward would hide the next behind the one before.
            var due = _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);
            if (due < _next)
            {
                _next = due;
                _timer.Change(delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public ValueTask<bool> RingsAsync(CancellationToken cancellationToken) =>
        _rings.Reader.ReadAsync(cancellationToken);

    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        lock (_lock)
        {
            _next = long.MaxValue;
        }

        _rings.Writer.TryWrite(true);
    }
}
