using System.Globalization;

namespace Threeport.Benchmarks.Servers;

/// <summary>What processes, with those that they started, use of the machine; as Linux tells it.</summary>
internal static class Usage
{
    private const double TicksPerSecond = 100;

    /// <summary>
    /// Megabytes that cannot be had back by dropping caches: what each process has for itself, and memory that it shares, counted
    /// once. Files that are mapped (programs, etcd's database) are the system's cache on both sides.
    /// </summary>
    /// <param name="buffers">Whether PostgreSQL's shared buffers count, which are its cache of files.</param>
    /// <param name="processes">With all that they started.</param>
    public static double Memory(bool buffers, params IReadOnlyList<int> processes) =>
        Tree(processes)
            .Sum(p => Kilobytes(p, "Pss_Anon:") + (buffers || !IsPostgres(p) ? Kilobytes(p, "Pss_Shmem:") : 0)) / 1024;

    /// <summary>Seconds of processor time so far.</summary>
    public static double Processor(params IReadOnlyList<int> processes) =>
        Tree(processes).Select(Stat).Where(static s => s.Length > 0).Sum(static s => Ticks(s)) / TicksPerSecond;

    /// <summary>Seconds of processor time that the whole machine has been busy so far, all processors together.</summary>
    public static double Busy()
    {
        // proc(5): user nice system idle iowait irq softirq …
        var times = Lines("/proc/stat")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..8];
        var ticks = times.Where(static (_, i) => i is not (3 or 4));
        return ticks.Sum(static t => double.Parse(t, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double Kilobytes(int process, string field) =>
        Lines($"/proc/{process}/smaps_rollup")
            .Where(l => l.StartsWith(field, StringComparison.Ordinal))
            .Sum(static l => double.Parse(l.Split(' ')[^2], CultureInfo.InvariantCulture));

    private static bool IsPostgres(int process) => Lines($"/proc/{process}/comm") is ["postgres"];

    private static double Ticks(string[] stat) =>
        double.Parse(stat[11], CultureInfo.InvariantCulture) + double.Parse(stat[12], CultureInfo.InvariantCulture);

    private static HashSet<int> Tree(IReadOnlyList<int> roots)
    {
        var parents = Directory
            .GetDirectories("/proc")
            .Select(static d => int.TryParse(Path.GetFileName(d), out var process) ? process : 0)
            .Where(static p => p > 0)
            .Select(static p => (Process: p, Stat: Stat(p)))
            .Where(static p => p.Stat.Length > 0)
            .ToLookup(static p => int.Parse(p.Stat[1], CultureInfo.InvariantCulture), static p => p.Process);
        var tree = new HashSet<int>();
        var open = new Stack<int>(roots);
        while (open.TryPop(out var process))
        {
            if (tree.Add(process))
            {
                foreach (var child in parents[process])
                {
                    open.Push(child);
                }
            }
        }

        return tree;
    }

    /// <summary>The fields after the name, which may hold spaces; none when the process is gone.</summary>
    private static string[] Stat(int process)
    {
        var text = string.Concat(Lines($"/proc/{process}/stat"));
        return text.Length == 0 ? [] : text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return [];
        }
    }
}
