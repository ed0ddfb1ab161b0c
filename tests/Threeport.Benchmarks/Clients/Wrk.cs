using System.Globalization;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.Benchmarks.Clients;

/// <summary>What a window of load gave; latencies in milliseconds.</summary>
internal sealed record Window(double PerSecond, double P50, double P99);

/// <summary>
/// Creates in a closed loop over keep-alive connections, by wrk: on two cores a load generator in .NET would take half of what
/// is to be measured. Both sides get the same script, the same number of connections and the same document.
/// </summary>
internal sealed class Wrk(Uri address, string path, Func<string, string> document, string tokenFile, string folder)
{
    private static int s_runs;

    /// <exception cref="InvalidOperationException">A request failed, or wrk did.</exception>
    public async Task<Window> RunAsync(int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        var run = $"w{Environment.ProcessId}-{Interlocked.Increment(ref s_runs)}-";
        var body = Path.Combine(folder, "body");
        await File.WriteAllTextAsync(body, document("NAME"), cancellationToken);
        var output = await ChildProcess.RunAsync(
            "wrk",
            [
                "-t1",
                $"-c{connections}",
                $"-d{time.TotalSeconds:0}s",
                "--timeout",
                "10s",
                "-s",
                Path.Combine(AppContext.BaseDirectory, "Clients", "creates.lua"),
                address.GetLeftPart(UriPartial.Authority),
                "--",
                path,
                body,
                run,
                tokenFile,
            ],
            timeout: time + TimeSpan.FromSeconds(30)
        );
        cancellationToken.ThrowIfCancellationRequested();
        var line =
            output.Split('\n').FirstOrDefault(static l => l.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk did not end as it should:\n{output}");
        var n = line.Split(' ')[1..].Select(static v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
        return n[4] + n[5] > 0
            ? throw new InvalidOperationException($"{address}: of {n[0]} creates {n[4]} were refused, {n[5]} failed.")
            : new(n[0] / n[1] * 1_000_000, n[2] / 1000, n[3] / 1000);
    }
}
