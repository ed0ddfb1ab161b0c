using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;

namespace Threeport.Runtime;

/// <summary>A message in the hands of a handler: kept in progress, and acknowledged or given back at the end.</summary>
/// <param name="message">As it was delivered.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The consumer's.</param>
internal sealed partial class DeliveredMessage(
    INatsJSMsg<byte[]> message,
    TimeProvider time,
    ILogger<DurableConsumer> logger
)
{
    /// <summary>How long the broker waits for a sign of life before it delivers a message again.</summary>
    public static readonly TimeSpan AckWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ProgressEvery = AckWait / 3;

    /// <summary>When a message that could not be handled comes again: after a second, then after twice as long each time.</summary>
    /// <param name="deliveries">How often it was delivered.</param>
    public static TimeSpan AgainAfter(ulong deliveries) =>
        TimeSpan.FromSeconds(Math.Min(AckWait.TotalSeconds, Math.Pow(2, Math.Clamp(deliveries, 1, 10) - 1)));

    /// <summary>Never throws.</summary>
    /// <param name="handle">What is done with it.</param>
    /// <param name="abort">Fires when the process can wait no longer.</param>
    public async Task HandleAsync(MessageHandler handle, CancellationToken abort)
    {
        // Disposing of it ends the loop without an exception, of which there would be one a message.
        using var timer = new PeriodicTimer(ProgressEvery, time);
        var progress = KeepInProgressAsync(timer);
        try
        {
            var handled = await handle(new(message.Subject, message.Headers, message.Metadata?.Timestamp), abort);
            await SettleAsync(handled);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            await GiveBackAsync(TimeSpan.Zero);
        }
        catch (Exception exception)
        {
            LogUnhandled(exception, message.Subject);
            await GiveBackAsync(AgainAfter(message.Metadata?.NumDelivered ?? 1));
        }
        finally
        {
            timer.Dispose();
            await progress;
        }
    }

    /// <summary>Not with the abort token: it is over, and should not come again for want of a moment.</summary>
    private async Task SettleAsync(Handled handled)
    {
        if (handled is Handled.Done)
        {
            await message.AckAsync(cancellationToken: CancellationToken.None);
        }
        else if (handled is Handled.Poison)
        {
            await message.AckTerminateAsync(cancellationToken: CancellationToken.None);
        }
        else
        {
            await GiveBackAsync(AgainAfter(message.Metadata?.NumDelivered ?? 1));
        }
    }

    /// <summary>Never throws: if the broker does not hear it, it delivers the message again once it has waited long enough.</summary>
    private async Task GiveBackAsync(TimeSpan delay)
    {
        try
        {
            await message.NakAsync(delay: delay, cancellationToken: CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotGivenBack(exception, message.Subject);
        }
    }

    private async Task KeepInProgressAsync(PeriodicTimer timer)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(CancellationToken.None))
            {
                await message.AckProgressAsync(cancellationToken: CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            // The broker is away; it will deliver the message again, and the lease keeps that from becoming a second pass.
            LogNoProgress(exception, message.Subject);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A message on {Subject} could not be handled and will be delivered again"
    )]
    private partial void LogUnhandled(Exception exception, string subject);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The message on {Subject} could not be given back")]
    private partial void LogNotGivenBack(Exception exception, string subject);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The message on {Subject} could not be kept in progress")]
    private partial void LogNoProgress(Exception exception, string subject);
}
