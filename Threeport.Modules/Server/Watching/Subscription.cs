using System.Threading.Channels;

namespace Threeport.Server.Watching;

/// <summary>One listener's bounded queue of changes. One that does not keep up is cut off, not waited for.</summary>
internal sealed class Subscription(Func<Change, bool> matches, Action<Subscription> unsubscribe) : IDisposable
{
    private readonly Channel<Change> _changes = Channel.CreateBounded<Change>(
        new BoundedChannelOptions(4_096) { SingleReader = true }
    );

    public ChannelReader<Change> Changes => _changes.Reader;

    public bool Matches(Change change) => matches(change);

    public void Offer(Change change)
    {
        if (!_changes.Writer.TryWrite(change))
        {
            End();
        }
    }

    /// <summary>The log broke off, or the listener fell behind: what was missed must be read anew.</summary>
    public void End() => _changes.Writer.TryComplete();

    public void Dispose()
    {
        unsubscribe(this);
        End();
    }
}
