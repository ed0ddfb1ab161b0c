namespace Threeport.Tests.Simulation;

/// <summary>
/// A process: what it awaits is taken up again when the scheduler says so, never when the process is dead, and not while it is
/// stopped. Its clock may be wrong; its timers are not.
/// </summary>
internal sealed class SimProcess(Scheduler scheduler, string name) : SynchronizationContext
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<Action> _held = [];

    public string Name => name;

    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether faults may kill it; clients live on, so that they can say what they were answered.</summary>
    public bool IsMortal { get; init; } = true;

    public bool IsStopped { get; private set; }

    /// <summary>When it last went on after it was stopped: what it does at that very moment, it does before it can look at a clock.</summary>
    public TimeSpan? WokenAt { get; private set; }

    /// <summary>How far its clock is off.</summary>
    public TimeSpan ClockError { get; set; }

    public TimeProvider Time => field ??= new SimTime(this, scheduler);

    /// <summary>Raised when it dies.</summary>
    public event Action? Died;

    /// <summary>What broke it, other than the scheduler.</summary>
    public Exception? Failure { get; private set; }

    public static DateTimeOffset At(TimeSpan time) => Epoch + time;

    public override void Post(SendOrPostCallback d, object? state) =>
        scheduler.After(TimeSpan.Zero, () => Run(() => d(state)));

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Something that lasts as long as the process does.</summary>
    public void Start(Func<Task> loop) => Run(() => _ = GuardAsync(loop));

    /// <summary>Now, or when the process goes on, or never.</summary>
    public void Run(Action action)
    {
        if (!IsAlive)
        {
            return;
        }

        if (IsStopped)
        {
            _held.Add(action);
            return;
        }

        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary><c>kill -9</c>.</summary>
    public void Kill()
    {
        if (IsAlive && IsMortal)
        {
            scheduler.Trace(name, "dies");
            IsAlive = false;
            _held.Clear();
            Died?.Invoke();
        }
    }

    /// <summary><c>kill -STOP</c>, and after a while <c>kill -CONT</c>.</summary>
    public void Stop(TimeSpan duration)
    {
        if (!IsAlive || IsStopped)
        {
            return;
        }

        scheduler.Trace(name, "stops");
        IsStopped = true;
        scheduler.After(duration, Continue);
    }

    private void Continue()
    {
        if (!IsAlive)
        {
            return;
        }

        scheduler.Trace(name, "goes on");
        (IsStopped, WokenAt) = (false, scheduler.Now);
        foreach (var action in _held.ToList())
        {
            scheduler.After(TimeSpan.Zero, () => Run(action));
        }

        _held.Clear();
    }

    private async Task GuardAsync(Func<Task> loop)
    {
        try
        {
            await loop();
            Failure ??= new InvalidOperationException($"A loop of {name} ended.");
        }
        catch (Exception e)
        {
            Failure ??= e;
        }
    }

    private sealed class SimTime(SimProcess process, Scheduler scheduler) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => At(scheduler.Now) + process.ClockError;

        public override long GetTimestamp() => scheduler.Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new SimTimer(process, scheduler, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class SimTimer(SimProcess process, Scheduler scheduler, TimerCallback callback, object? state)
        : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = ++_version;
            if (dueTime >= TimeSpan.Zero)
            {
                scheduler.After(dueTime, () => Ring(version, period));
            }

            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Ring(int version, TimeSpan period)
        {
            if (version != _version)
            {
                return;
            }

            if (period > TimeSpan.Zero)
            {
                Change(period, period);
            }

            process.Run(() => callback(state));
        }
    }
}
