using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Threeport.Kubernetes;

/// <summary>
/// Commands that outlived the process that started them. One that still makes a cluster would take away, when it fails, whatever has
/// the name by then. Found by <c>/proc</c>; where there is none, they end when they next write to whom is gone.
/// </summary>
internal static class KindProcesses
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    /// <summary>Ends the commands that make this cluster.</summary>
    public static async Task EndThoseAtAsync(string cluster, CancellationToken cancellationToken)
    {
        if (!Directory.Exists("/proc"))
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Makes(Path.Combine(folder, "cmdline"), cluster)
            )
            {
                await EndAsync(id, cancellationToken);
            }
        }
    }

    /// <summary>The program is the first word, or the second of a script.</summary>
    private static bool Makes(string commandLine, string cluster)
    {
        try
        {
            var words = File.ReadAllText(commandLine).Split('\0');
            return words.Take(2).Any(static w => Path.GetFileName(w) == "kind")
                && words
                    .SkipWhile(static w => w != "create")
                    .Take(4)
                    .SequenceEqual(["create", "cluster", "--name", cluster]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is somebody else's.
            return false;
        }
    }

    private static async Task EndAsync(int id, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(EndLimit);
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended meanwhile.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KindException(
                KindException.CommandFailed,
                $"The command kind that was left making it, process {id}, does not end."
            );
        }
    }
}
