using System.Diagnostics;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.Benchmarks.Servers;

/// <summary>Waits for something that nobody announces.</summary>
internal static class Ready
{
    /// <param name="what">For the message.</param>
    /// <param name="condition">Refused, reset or cut off counts as not yet.</param>
    /// <param name="limit">How long at most.</param>
    /// <param name="every">How long between two tries.</param>
    /// <param name="process">Whose end ends the waiting.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeoutException">It never was.</exception>
    public static async Task WhenAsync(
        string what,
        Func<CancellationToken, Task<bool>> condition,
        TimeSpan limit,
        TimeSpan every,
        ChildProcess? process,
        CancellationToken cancellationToken
    )
    {
        var start = Stopwatch.GetTimestamp();
        var last = "";
        while (Stopwatch.GetElapsedTime(start) < limit)
        {
            if (process is { HasExited: true })
            {
                throw new InvalidOperationException($"{process.Name} ended with {process.ExitCode}:\n{process.Output}");
            }

            try
            {
                if (await condition(cancellationToken))
                {
                    return;
                }
            }
            catch (Exception exception)
                when (exception is HttpRequestException or IOException
                    || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                )
            {
                last = exception.Message;
            }

            await Task.Delay(every, cancellationToken);
        }

        throw new TimeoutException($"Not within {limit.TotalSeconds} s: {what}. {last}");
    }
}
