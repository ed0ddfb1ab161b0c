using System.Diagnostics;

namespace Threeport.Benchmarks;

/// <summary>From a write to what a controller made of it, seen by a watch that was open before.</summary>
internal static class Reaction
{
    /// <param name="side">The server.</param>
    /// <param name="watch">The path of the watch.</param>
    /// <param name="write">Writes the resource of that name.</param>
    /// <param name="isDone">Whether a line of the watch shows the resource of that name, done.</param>
    /// <param name="times">How many, one after another.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The milliseconds of each, sorted.</returns>
    public static async Task<IReadOnlyList<double>> MeasureAsync(
        Side side,
        string watch,
        Func<string, CancellationToken, Task> write,
        Func<string, string, bool> isDone,
        int times,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var lines = await side.StreamAsync(watch, limit.Token);
        var results = new List<double>(times);
        for (var i = 0; i < times; i++)
        {
            var name = Documents.Name();
            var start = Stopwatch.GetTimestamp();
            var seen = WaitAsync(lines, line => isDone(name, line), limit.Token);
            await write(name, limit.Token);
            await seen;
            results.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        results.Sort();
        return results;
    }

    private static async Task WaitAsync(
        StreamReader lines,
        Func<string, bool> isDone,
        CancellationToken cancellationToken
    )
    {
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (isDone(line))
            {
                return;
            }
        }

        throw new InvalidOperationException("The watch ended.");
    }
}
