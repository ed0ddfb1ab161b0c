using System.Diagnostics.CodeAnalysis;
using NATS.Client.Core;

namespace Threeport.Runtime;

/// <summary>
/// Requests to the broker that are answered or given up soon. The client waits out its whole time for an answer of a broker that
/// died meanwhile, or that was asked while it came up and never will answer; each would cost seconds of a recovery.
/// </summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "Its source has neither timer nor handle, and is read until the very end."
)]
public sealed class BrokerRequests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(5);
    private readonly TimeProvider _time;
    private CancellationTokenSource _life = new();

    /// <param name="connection">The process's one connection.</param>
    /// <param name="time">The clock that patience is measured by.</param>
    public BrokerRequests(INatsConnection connection, TimeProvider time)
    {
        _time = time;
        // Both live as long as the process.
        connection.ConnectionDisconnected += async (_, _) =>
            await Interlocked.Exchange(ref _life, new CancellationTokenSource()).CancelAsync();
    }

    /// <summary>Fires when the connection that there is now is lost: what waits for an answer on it waits in vain.</summary>
    public CancellationToken ConnectionLost => Volatile.Read(ref _life).Token;

    /// <summary>Asks once, and waits for a few seconds, as long as the connection lasts.</summary>
    /// <exception cref="TimeoutException">Nothing was answered; what was asked for may have been done.</exception>
    public async Task<T> AskOnceAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await WithinAsync(ConfirmWithin, request, cancellationToken);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The broker does not answer.", e);
        }
    }

    /// <summary>Asks, and asks again with growing patience.</summary>
    /// <exception cref="TimeoutException">Nothing was answered within some seconds.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        for (var patience = First; patience <= Most; patience *= 2)
        {
            try
            {
                return await WithinAsync(patience, request, cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested) { }
        }

        throw new TimeoutException("The broker does not answer.");
    }

    private async Task<T> WithinAsync<T>(
        TimeSpan patience,
        Func<CancellationToken, Task<T>> request,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(patience, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            timeout.Token,
            ConnectionLost
        );
        return await request(limit.Token);
    }
}
