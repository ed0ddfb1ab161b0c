using System.Diagnostics;
using System.Globalization;
using Threeport.Runtime;

namespace Threeport.TestHost;

/// <summary>
/// What passes do outside, in a file of this process: <c>THREEPORT_TEST_JOURNAL</c> is the folder, the file's name the process id. A
/// line is <c>begin|end name epoch process timestamp</c>, the timestamp in nanoseconds of the machine's monotonic clock. Without the
/// folder nothing is written.
/// </summary>
internal static class Journal
{
    private static readonly Lock Lock = new();
    private static readonly StreamWriter? File = Open(Environment.GetEnvironmentVariable("THREEPORT_TEST_JOURNAL"));

    public static void Write(string what, Pass<Probe> pass)
    {
        if (File is null)
        {
            return;
        }

        lock (Lock)
        {
            File.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} {pass.Resource.Name} {pass.Epoch} {Environment.ProcessId} {Stopwatch.GetTimestamp()}"
                )
            );
            File.Flush();
        }
    }

    private static StreamWriter? Open(string? folder) =>
        string.IsNullOrEmpty(folder)
            ? null
            : new StreamWriter(
                new FileStream(
                    Path.Combine(folder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)),
                    FileMode.CreateNew,
                    FileAccess.Write,
                    FileShare.Read
                )
            );
}
