using Microsoft.Extensions.Logging;
using Threeport.Agent.Reporting;
using Threeport.Agent.Watching;

namespace Threeport.Agent.Events;

/// <summary>Sends events on in rounds of one a second, a bounded number of workloads in each: a storm in the cluster stays there.</summary>
internal sealed partial class EventReporter(EventQueue queue, ControlPlane api, TimeProvider time, ILogger log)
{
    private const int WorkloadsPerRound = 20;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private readonly Backoff _backoff = new(Round, TimeSpan.FromSeconds(30), time);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Round, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (await SendAsync(cancellationToken) is { IsTransient: true } answer)
            {
                await _backoff.WaitAsync(cancellationToken, answer.RetryAfter);
            }
            else
            {
                _backoff.Reset();
            }
        }
    }

    /// <summary>Sends one round.</summary>
    /// <returns>The last answer; null when there was nothing to say.</returns>
    public async Task<Answer?> SendAsync(CancellationToken cancellationToken)
    {
        Answer? answer = null;
        foreach (var (workload, events) in queue.Take(WorkloadsPerRound))
        {
            if (answer is { IsTransient: true })
            {
                queue.Return(workload, events);
                continue;
            }

            try
            {
                answer = await api.PostEventsAsync(workload, events, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                answer = new(0);
            }

            if (answer.IsTransient)
            {
                queue.Return(workload, events);
            }
            else if (!answer.IsDone)
            {
                // Its instance is gone, or they are not taken: they are hints, and others follow.
                LogRefused(workload, events.Count, answer.Message);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return answer;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Count} events of {Workload} are not taken: {Why}")]
    private partial void LogRefused(string workload, int count, string why);
}
