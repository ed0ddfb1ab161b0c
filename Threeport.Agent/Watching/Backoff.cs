namespace Threeport.Agent.Watching;

/// <summary>How long to wait before trying again: doubling to a maximum, spread so that many do not come back at once.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan maximum, TimeProvider time)
{
    private TimeSpan? _next;

    public void Reset() => _next = null;

    /// <returns>How long this time: between half and all of what is due, or what the other side asked for.</returns>
    public TimeSpan Next(TimeSpan? asked = null)
    {
        var whole = _next ?? first;
        var delay = whole * (0.5 + (Random.Shared.NextDouble() / 2));
        _next = whole * 2 < maximum ? whole * 2 : maximum;
        return asked is { } wish && wish > delay ? (wish < maximum ? wish : maximum) : delay;
    }

    public Task WaitAsync(CancellationToken cancellationToken, TimeSpan? asked = null) =>
        Task.Delay(Next(asked), time, cancellationToken);
}
