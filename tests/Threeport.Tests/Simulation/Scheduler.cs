using System.Globalization;

namespace Threeport.Tests.Simulation;

/// <summary>
/// Decides what happens next. There is one thread, one source of chance and one clock, which jumps from event to event; what
/// is due at the same moment comes in an order by chance. The same seed gives the same run.
/// </summary>
internal sealed class Scheduler(int seed, bool keepsTrace)
{
    private readonly PriorityQueue<Action, (long Due, int Chance, long Number)> _events = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<string> _trace = [];
    private long _number;

    public Random Random { get; } = new(seed);

    /// <summary>Since the beginning, on the one clock that is right.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How many events there were.</summary>
    public int Steps { get; private set; }

    /// <summary>Of everything that was traced; equal for equal runs.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>What happened, when it is kept.</summary>
    public IReadOnlyList<string> Lines => _trace;

    public void After(TimeSpan delay, Action action)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("Something ran off the simulation's thread.");
        }

        _events.Enqueue(action, ((Now + delay).Ticks, Random.Next(), _number++));
    }

    public bool Chance(double probability) => Random.NextDouble() < probability;

    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * Random.NextDouble());

    public T Pick<T>(IReadOnlyList<T> items) => items[Random.Next(items.Count)];

    /// <summary>Notes what happened. Nothing that differs from run to run, such as an id, belongs here.</summary>
    public void Trace(string who, string what, string about = "")
    {
        Mix((ulong)Now.Ticks);
        Mix(who);
        Mix(what);
        Mix(about);
        if (keepsTrace)
        {
            _trace.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Now.TotalSeconds, 10:0.000000} {who, -12} {what} {about}"
                )
            );
        }
    }

    /// <returns>False when the time was up, or nothing was left to happen, before it was done.</returns>
    public bool RunUntil(Func<bool> done, TimeSpan limit)
    {
        while (!done())
        {
            if (!_events.TryDequeue(out var action, out var key) || key.Due > limit.Ticks)
            {
                return false;
            }

            Now = TimeSpan.FromTicks(key.Due);
            Steps++;
            action();
        }

        return true;
    }

    private void Mix(string text)
    {
        foreach (var c in text)
        {
            Mix(c);
        }
    }

    private void Mix(ulong value) => Hash = (Hash ^ value) * 1099511628211;
}
