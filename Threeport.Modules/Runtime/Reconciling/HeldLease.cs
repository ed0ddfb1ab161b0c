using Microsoft.Extensions.Logging;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>
/// Renews a pass's lease while the pass runs, and says when it must stop: when the API layer says that the lease is another's,
/// or when no renewal has gone through for <see cref="Leases.StopAfter"/> on this machine's monotonic clock. That is before the
/// lease ends on the database's clock, so two replicas never act at once.
/// </summary>
internal sealed partial class HeldLease<T> : IAsyncDisposable
    where T : Resource, IKind
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly IPasses _passes;
    private readonly Guid _id;
    private readonly long _epoch;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;
    private long _heldSince;

    /// <param name="passes">The API layer.</param>
    /// <param name="id">The resource.</param>
    /// <param name="epoch">The fence.</param>
    /// <param name="askedAt">The timestamp just before the lease was asked for: it cannot have begun earlier.</param>
    /// <param name="time">The monotonic clock.</param>
    /// <param name="logger">The controller's.</param>
    public HeldLease(IPasses passes, Guid id, long epoch, long askedAt, TimeProvider time, ILogger logger)
    {
        _passes = passes;
        _id = id;
        _epoch = epoch;
        _heldSince = askedAt;
        _time = time;
        _logger = logger;
        Lost = _lost.Token;
        _renewing = RenewAsync(_ended.Token);
    }

    /// <summary>Fires when the pass must stop.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Whether it was taken from us, rather than just not renewed.</summary>
    public bool Taken { get; private set; }

    /// <summary>How long it holds for certain.</summary>
    public TimeSpan Left => Leases.StopAfter - _time.GetElapsedTime(Volatile.Read(ref _heldSince));

    public async ValueTask DisposeAsync()
    {
        _ended.Cancel();
        await _renewing;
        _ended.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync(CancellationToken ended)
    {
        try
        {
            var pause = Leases.RenewEvery;
            while (true)
            {
                // Without an exception: nearly every pass ends here.
                await Task.Delay(pause < Left ? pause : Max(Left), _time, ended)
                    .ConfigureAwait(
                        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
                    );
                if (ended.IsCancellationRequested)
                {
                    return;
                }

                if (Left <= TimeSpan.Zero)
                {
                    break;
                }

                var renewed = await TryRenewAsync(ended);
                if (renewed is false)
                {
                    Taken = true;
                    break;
                }

                pause = renewed is true ? Leases.RenewEvery : RetryAfter;
            }

            PassMetrics.LeasesLost.Add(1, new KeyValuePair<string, object?>("kind", T.Plural));
            LogLost(T.Singular, _id, Taken ? "another took it" : "it could not be renewed in time");
            _lost.Cancel();
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested) { }
    }

    /// <returns>True: renewed. False: no longer ours. Null: not known, because the API layer did not answer.</returns>
    private async Task<bool?> TryRenewAsync(CancellationToken ended)
    {
        using var deadline = new CancellationTokenSource(Max(Left), _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ended, deadline.Token);
        var askedAt = _time.GetTimestamp();
        try
        {
            if (!await _passes.RenewAsync<T>(_id, _epoch, limit.Token))
            {
                return false;
            }

            Volatile.Write(ref _heldSince, askedAt);
            return true;
        }
        catch (Exception exception) when (!ended.IsCancellationRequested)
        {
            LogNotRenewed(T.Singular, _id, exception.Message);
            return null;
        }
    }

    private static TimeSpan Max(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of {Kind} {Id} is lost: {Reason}")]
    private partial void LogLost(string kind, Guid id, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The lease of {Kind} {Id} was not renewed, trying again: {Reason}"
    )]
    private partial void LogNotRenewed(string kind, Guid id, string reason);
}
