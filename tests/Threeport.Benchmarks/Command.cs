using System.Diagnostics;

namespace Threeport.Benchmarks;

/// <summary>A command line, from its start to its end.</summary>
internal static class Command
{
    /// <returns>Milliseconds, the median of ten.</returns>
    public static async Task<double> MeasureAsync(
        string file,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken
    )
    {
        var times = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await RunAsync(file, arguments, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }

    private static async Task RunAsync(
        string file,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var process = Process.Start(
            new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var (output, error) = (
            process.StandardOutput.ReadToEndAsync(limit.Token),
            process.StandardError.ReadToEndAsync(limit.Token)
        );
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0 || (await output).Length == 0)
        {
            throw new InvalidOperationException(
                $"{file} {string.Join(' ', arguments)}: exit {process.ExitCode}, {(await output).Length} characters. {await error}"
            );
        }
    }
}
