using System.Diagnostics;
using System.Globalization;
using System.Text;
using Threeport.Runtime;

namespace Threeport.TestHost;

/// <summary>
/// What passes do outside, in a file that all processes append to: <c>THREEPORT_TEST_JOURNAL</c>. A line is <c>begin|end name
/// epoch process timestamp</c>, the timestamp in ticks of the machine's monotonic clock. Without the file nothing is written.
/// </summary>
internal static class Journal
{
    private static readonly string? File = Environment.GetEnvironmentVariable("THREEPORT_TEST_JOURNAL");

    public static async ValueTask WriteAsync(string what, Pass<Probe> pass)
    {
        if (string.IsNullOrEmpty(File))
        {
            return;
        }

        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{what} {pass.Resource.Name} {pass.Epoch} {Environment.ProcessId} {Stopwatch.GetTimestamp()}\n"
        );
        // One write: lines of several processes do not mix.
        await using var file = new FileStream(File, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0);
        await file.WriteAsync(Encoding.ASCII.GetBytes(line));
    }
}
