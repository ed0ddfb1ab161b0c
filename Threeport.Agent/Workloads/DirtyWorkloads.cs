namespace Threeport.Agent.Workloads;

/// <summary>Which workloads are to be reported, now or in a while. Each is in it once, so it is never larger than what there is.</summary>
internal sealed class DirtyWorkloads(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _now = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _later = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _signal = new(0, 1);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _now.Count;
            }
        }
    }

    public void Dispose() => _signal.Dispose();

    public void Mark(string id)
    {
        lock (_gate)
        {
            _now.Add(id);
            Signal();
        }
    }

    public void MarkAfter(string id, TimeSpan delay)
    {
        lock (_gate)
        {
            var due = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
            _later[id] = _later.TryGetValue(id, out var other) ? Math.Min(due, other) : due;
            Signal();
        }
    }

    /// <summary>Takes up to so many of those that are due.</summary>
    public IReadOnlyList<string> Take(int maximum)
    {
        lock (_gate)
        {
            Ripen();
            var taken = _now.Take(maximum).ToList();
            _now.ExceptWith(taken);
            return taken;
        }
    }

    /// <summary>Returns as soon as there is one to take.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Next() is var delay && delay != TimeSpan.Zero)
        {
            using var alarm = new CancellationTokenSource(delay, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellationToken);
            try
            {
                await _signal.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // One of those for later is due.
            }
        }
    }

    private TimeSpan Next()
    {
        lock (_gate)
        {
            Ripen();
            if (_now.Count > 0)
            {
                return TimeSpan.Zero;
            }

            // A timer may fire a little before its time; never wait for nothing.
            return _later.Count == 0
                ? Timeout.InfiniteTimeSpan
                : TimeSpan.FromMilliseconds(
                    Math.Max(1, time.GetElapsedTime(time.GetTimestamp(), _later.Values.Min()).TotalMilliseconds)
                );
        }
    }

    private void Ripen()
    {
        var now = time.GetTimestamp();
        foreach (var (id, _) in _later.Where(l => l.Value <= now).ToList())
        {
            _later.Remove(id);
            _now.Add(id);
        }
    }

    private void Signal()
    {
        if (_signal.CurrentCount == 0)
        {
            _signal.Release();
        }
    }
}
