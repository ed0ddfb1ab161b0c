using System.Collections.Concurrent;

namespace Threeport.IntegrationTests.Soak;

/// <summary>A write that a client sent, and what came back.</summary>
/// <param name="Mark">What tells it from every other; also its label <c>write</c>. Of a deletion only the ledger knows it.</param>
/// <param name="Plural">Of the kind.</param>
/// <param name="Name">Of the resource.</param>
/// <param name="IsDelete">A deletion; else a PUT.</param>
/// <param name="Status">The answer's status; null when none came, so that it may or may not be stored.</param>
/// <param name="Id">Of the resource, when it was answered.</param>
internal sealed record SoakWrite(string Mark, string Plural, string Name, bool IsDelete, int? Status, Guid? Id)
{
    public bool IsAnswered => Status is >= 200 and < 300;

    /// <summary>A refusal that means "this was not done". A 503 may come from a commit that nobody knows the end of.</summary>
    public bool IsRefusedForGood => Status is >= 400 and < 500;
}

/// <summary>All that the clients know: what was sent, what was answered, what was read and could not be.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentQueue<SoakWrite> _writes = new();
    private readonly ConcurrentQueue<string> _staleReads = new();
    private int _reads;
    private TimeSpan _lately;

    public IReadOnlyCollection<SoakWrite> Writes => _writes;

    public IReadOnlyCollection<string> StaleReads => _staleReads;

    public int Reads => _reads;

    public void Add(SoakWrite write) => _writes.Enqueue(write);

    /// <summary>The longest time that any client went without an answer while it tried again and again.</summary>
    public TimeSpan LongestGap { get; private set; }

    public void AddGap(TimeSpan gap)
    {
        lock (_writes)
        {
            LongestGap = gap > LongestGap ? gap : LongestGap;
            _lately = gap > _lately ? gap : _lately;
        }
    }

    /// <summary>The longest gap that ended since this was last asked.</summary>
    public TimeSpan TakeGap()
    {
        lock (_writes)
        {
            var gap = _lately;
            _lately = default;
            return gap;
        }
    }

    public void AddRead() => Interlocked.Increment(ref _reads);

    public void AddStaleRead(string what) => _staleReads.Enqueue(what);
}
