using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Threeport.Runtime;

/// <summary>
/// Runs one durable pull consumer for as long as the process lives, whatever becomes of the broker: made again when the
/// broker lost its disk, taken up again when it comes back. At most so many messages are handled at once, and each is kept
/// in progress meanwhile.
/// </summary>
internal sealed partial class DurableConsumer(
    INatsJSContext jetStream,
    Streams streams,
    BrokerRequests requests,
    TimeProvider time,
    ILogger<DurableConsumer> logger
) : IMessageConsumer
{
    /// <summary>How long handlers may go on after the process was asked to stop.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(18);

    private static readonly TimeSpan RetryAtLeast = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryAtMost = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Task, byte> _running = new();

    public async Task RunAsync(
        string name,
        string filter,
        int workers,
        MessageHandler handle,
        CancellationToken stopping
    )
    {
        using var abort = new CancellationTokenSource();
        using var slots = new SemaphoreSlim(workers);
        await using var stop = stopping.Register(() => abort.CancelAfter(StopGrace));
        var retry = RetryAtLeast;
        var interrupted = false;
        while (!stopping.IsCancellationRequested)
        {
            var start = time.GetTimestamp();
            try
            {
                var consumer = await EnsureAsync(name, filter, workers, stopping);
                LogConsuming(interrupted ? LogLevel.Information : LogLevel.Debug, name);
                interrupted = false;
                await ConsumeAsync(consumer, workers, slots, handle, stopping, abort.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                // Said once: an outage is one line a consumer, not one with every attempt.
                LogInterrupted(interrupted ? LogLevel.Debug : LogLevel.Warning, name, exception.Message);
                interrupted = true;
            }

            retry = time.GetElapsedTime(start) > RetryAtMost ? RetryAtLeast : Min(retry * 2, RetryAtMost);
            await Task.Delay(retry, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_running.Keys);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private async Task<INatsJSConsumer> EnsureAsync(
        string name,
        string filter,
        int workers,
        CancellationToken cancellationToken
    )
    {
        await streams.EnsureAsync(cancellationToken);
        var wanted = new ConsumerConfig(name)
        {
            Name = name,
            FilterSubject = filter,
            AckPolicy = ConsumerConfigAckPolicy.Explicit,
            AckWait = DeliveredMessage.AckWait,
            MaxDeliver = -1,
            // Room for sixteen replicas: a broker that runs into this limit stops delivering to all of them.
            MaxAckPending = Math.Max(1_000, 16 * workers * 4),
        };
        var consumer = await requests.AskAsync(
            async token => await jetStream.CreateOrUpdateConsumerAsync(Subjects.Stream, wanted, token),
            cancellationToken
        );
        var made = consumer.Info.Config;
        return made.FilterSubject == wanted.FilterSubject && made.MaxAckPending == wanted.MaxAckPending
            ? consumer
            : throw new InvalidOperationException(
                $"The broker made the consumer {name} with other settings than asked for."
            );
    }

    /// <summary>Until the broker is found to have forgotten the consumer, or the process stops.</summary>
    private async Task ConsumeAsync(
        INatsJSConsumer consumer,
        int workers,
        SemaphoreSlim slots,
        MessageHandler handle,
        CancellationToken stopping,
        CancellationToken abort
    )
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(stopping, requests.ConnectionLost);
        var options = new NatsJSConsumeOpts
        {
            // No more than is soon worked on: the time a message may take runs while it waits here.
            MaxMsgs = workers * 2,
            Expires = TimeSpan.FromSeconds(5),
            IdleHeartbeat = TimeSpan.FromSeconds(1),
            DrainOnCancel = true,
            NotificationHandler = (notification, _) =>
            {
                // No heartbeat: the broker is away, or has forgotten the consumer. Asking for it again settles which.
                if (notification is NatsJSTimeoutNotification or NatsJSNoRespondersNotification)
                {
                    interrupted.Cancel();
                }

                return Task.CompletedTask;
            },
        };
        try
        {
            await foreach (
                var message in consumer.ConsumeAsync<byte[]>(opts: options, cancellationToken: interrupted.Token)
            )
            {
                if (await TakeAsync(slots, interrupted.Token))
                {
                    Track(HandleAsync(message, slots, handle, abort));
                }
                else
                {
                    // Drained, not worked on: another replica may have it at once.
                    await message.NakAsync(cancellationToken: abort);
                }
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new NatsException("The broker does not answer for the consumer.");
        }
    }

    /// <returns>False when the consumer was interrupted before there was a free slot.</returns>
    private static async Task<bool> TakeAsync(SemaphoreSlim slots, CancellationToken interrupted)
    {
        try
        {
            await slots.WaitAsync(interrupted);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Track(Task task)
    {
        _running.TryAdd(task, 0);
        _ = task.ContinueWith(
            t => _running.TryRemove(t, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private async Task HandleAsync(
        INatsJSMsg<byte[]> message,
        SemaphoreSlim slots,
        MessageHandler handle,
        CancellationToken abort
    )
    {
        try
        {
            await new DeliveredMessage(message, time, logger).HandleAsync(handle, abort);
        }
        finally
        {
            slots.Release();
        }
    }

    [LoggerMessage(Message = "Consuming {Consumer}")]
    private partial void LogConsuming(LogLevel level, string consumer);

    [LoggerMessage(Message = "The consumer {Consumer} was interrupted and is taken up again: {Reason}")]
    private partial void LogInterrupted(LogLevel level, string? consumer, string reason);
}
