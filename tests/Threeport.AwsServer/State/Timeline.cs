namespace Threeport.AwsServer.State;

/// <summary>
/// What becomes of things with time. Nothing runs on its own: whoever looks first lets happen what is due, in its order, so that what is
/// seen is always what it would be by the clock, also by one that a test moves.
/// </summary>
internal sealed class Timeline(TimeProvider clock)
{
    private readonly PriorityQueue<Action, (DateTimeOffset Due, long Order)> _due = new();
    private DateTimeOffset? _happening;
    private long _order;

    /// <summary>Within something that happens: when it was due, not when somebody came to look.</summary>
    public DateTimeOffset Now => _happening ?? clock.GetUtcNow();

    public void In(TimeSpan delay, Action happens) => _due.Enqueue(happens, (Now + delay, _order++));

    public void Advance()
    {
        var now = clock.GetUtcNow();
        while (_due.TryPeek(out var happens, out var when) && when.Due <= now)
        {
            _due.Dequeue();
            _happening = when.Due;
            try
            {
                happens();
            }
            finally
            {
                _happening = null;
            }
        }
    }
}
