using System.Diagnostics;

namespace Threeport.Benchmarks;

/// <summary>What a window gave.</summary>
internal sealed record Window(double PerSecond, double P50, double P99);

/// <summary>Callers in a closed loop: each sends its next request when the last one is answered.</summary>
internal static class Load
{
    public static async Task<Window> RunAsync(
        int callers,
        TimeSpan time,
        Func<CancellationToken, Task> request,
        CancellationToken cancellationToken
    )
    {
        var begin = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(
            Enumerable
                .Range(0, callers)
                .Select(_ => Task.Run(() => CallAsync(begin, time, request, cancellationToken), cancellationToken))
        );
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var latencies = each.SelectMany(static x => x).Order().ToArray();
        return new(latencies.Length / seconds, Percentile(latencies, 0.5), Percentile(latencies, 0.99));
    }

    public static double Percentile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];

    private static async Task<List<double>> CallAsync(
        long begin,
        TimeSpan time,
        Func<CancellationToken, Task> request,
        CancellationToken cancellationToken
    )
    {
        var latencies = new List<double>();
        while (Stopwatch.GetElapsedTime(begin) < time)
        {
            var start = Stopwatch.GetTimestamp();
            await request(cancellationToken);
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return latencies;
    }
}
