using System.Diagnostics;
using System.Globalization;

namespace Threeport.Cli.Local;

/// <summary>Processes, as <c>/proc</c> tells of them.</summary>
internal static class ProcFile
{
    private const int StartTimeField = 19;
    private static readonly string[] Servers = ["postgres", "nats-server"];

    /// <returns>When a process started, in clock ticks after boot; null when there is none, or it is a zombie.</returns>
    public static string? StartTime(int pid)
    {
        try
        {
            // The name in parentheses may hold anything; what counts comes after the last one.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" ? null : fields[StartTimeField];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <returns>The database and broker processes that were started on this folder.</returns>
    public static IReadOnlyList<int> Mentioning(string folder)
    {
        var found = new List<int>();
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            try
            {
                var words = File.ReadAllText($"{entry}/cmdline").Split('\0');
                if (
                    Servers.Contains(Path.GetFileName(words[0]))
                    && words.Any(w => w.StartsWith(folder + "/", StringComparison.Ordinal))
                )
                {
                    found.Add(pid);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is somebody else's.
            }
        }

        return found;
    }

    /// <summary>SIGTERM, and SIGKILL when that is not heeded in time.</summary>
    public static async Task EndAsync(int pid, TimeSpan limit, Func<bool> runs, CancellationToken cancellationToken)
    {
        Signal(pid, "TERM");
        var start = Stopwatch.GetTimestamp();
        while (runs())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                Signal(pid, "KILL");
                limit += TimeSpan.FromSeconds(5);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    private static void Signal(int pid, string signal)
    {
        using var kill = Process.Start(
            new ProcessStartInfo("/bin/kill")
            {
                ArgumentList = { $"-{signal}", pid.ToString(CultureInfo.InvariantCulture) },
                RedirectStandardError = true,
            }
        );
        kill?.WaitForExit();
    }
}
