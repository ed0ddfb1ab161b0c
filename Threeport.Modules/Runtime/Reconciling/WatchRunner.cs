using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Threeport.Runtime;

/// <summary>Takes the changes of a watched kind and wakes the resources that look at what changed.</summary>
internal sealed partial class WatchRunner(
    IWatch watch,
    Caller caller,
    IServiceScopeFactory scopes,
    IMessageConsumer consumer,
    IWakeups wakeups,
    TimeProvider time,
    ILogger<WatchRunner> logger
) : IRunner
{
    private const int Workers = 4;
    private const int Outstanding = 64;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public Task RunAsync(CancellationToken stopping) =>
        consumer.RunAsync(
            $"watch-{watch.WatcherPlural}-{watch.WatchedPlural}",
            Subjects.ChangesOf(watch.WatchedPlural),
            Workers,
            HandleAsync,
            stopping
        );

    private async Task<Handled> HandleAsync(Message message, CancellationToken abort)
    {
        var name =
            message.Headers is { } headers && headers.TryGetValue(Subjects.NameHeader, out var value)
                ? value.ToString()
                : "";
        if (name.Length == 0)
        {
            PassMetrics.Poison.Add(1);
            LogPoison(message.Subject);
            return Handled.Poison;
        }

        using var span = Traces.Receive($"wake {watch.WatcherPlural}", message.Headers);
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                await WakeAsync(name, abort);
                return Handled.Done;
            }
            catch (Exception exception)
                when (!abort.IsCancellationRequested && time.GetElapsedTime(start) < Limit - RetryAfter)
            {
                // Given back at once it would come again at once; kept here it waits for what is away.
                LogRetried(watch.WatcherPlural, watch.WatchedPlural, name, exception.Message);
            }

            await Task.Delay(RetryAfter, time, abort);
        }
    }

    private async Task WakeAsync(string name, CancellationToken abort)
    {
        using var timeout = new CancellationTokenSource(Limit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abort, timeout.Token);
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().Caller = caller;
        var resources = scope.ServiceProvider.GetRequiredService<Api.IResources>();
        var affected = watch.AffectedAsync(name, resources, limit.Token);
        await foreach (var chunk in affected.Chunk(Outstanding).WithCancellation(limit.Token))
        {
            await Task.WhenAll(chunk.Select(id => wakeups.WakeAsync(watch.WatcherPlural, id, limit.Token)));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change on {Subject} has no name and is thrown away")]
    private partial void LogPoison(string subject);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Waking {Watcher} that look at {Watched} {Name} is tried again: {Reason}"
    )]
    private partial void LogRetried(string watcher, string watched, string name, string reason);
}
