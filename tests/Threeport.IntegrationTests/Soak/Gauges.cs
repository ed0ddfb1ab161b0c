using System.Diagnostics;
using System.Globalization;

namespace Threeport.IntegrationTests.Soak;

/// <summary>What a process held at a moment.</summary>
/// <param name="AtSeconds">Since the start.</param>
/// <param name="Process">Which of the hosts.</param>
/// <param name="ResidentMegabytes">As the kernel counts.</param>
/// <param name="HeapMegabytes">Of the managed heap after the last collection; null of a host that did not say.</param>
/// <param name="Handles">Open files and sockets.</param>
internal sealed record Gauge(
    double AtSeconds,
    string Process,
    double ResidentMegabytes,
    double? HeapMegabytes,
    int Handles
);

/// <summary>Reads every ten seconds what the hosts hold, and tells whether that grows.</summary>
internal sealed class Gauges(SoakServers servers, Stopwatch clock)
{
    private const string Survivor = "survivor";
    private const string HeapMetric = "dotnet_gc_last_collection_heap_size_bytes{";

    /// <summary>Before that much was seen, a process that warms up looks like one that leaks.</summary>
    private static readonly TimeSpan Judged = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly List<Gauge> _read = [];

    public IReadOnlyList<Gauge> Read => _read;

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            Add(Survivor, servers.Survivor.Process.Id, await HeapAsync());
            if (!servers.Victim.Process.HasExited)
            {
                Add("victim", servers.Victim.Process.Id, null);
            }
        } while (await NextAsync(timer, stop));
    }

    /// <returns>The host that was not killed: in the first third, after a tenth to warm up, and in the last third; null when too little was seen.</returns>
    public Growth? Growth()
    {
        var all = _read.Where(static g => g.Process == Survivor).ToList();
        if (all.Count == 0 || all[^1].AtSeconds < Judged.TotalSeconds)
        {
            return null;
        }

        var warm = all.Skip(all.Count / 10).ToList();
        var third = warm.Count / 3;
        var (first, last) = (warm.Take(third).ToList(), warm.TakeLast(third).ToList());
        return new(
            Median(first, static g => g.ResidentMegabytes),
            Median(last, static g => g.ResidentMegabytes),
            Median(first, static g => g.HeapMegabytes ?? 0),
            Median(last, static g => g.HeapMegabytes ?? 0),
            Median(first, static g => g.Handles),
            Median(last, static g => g.Handles)
        );
    }

    private static double Median(List<Gauge> gauges, Func<Gauge, double> value) =>
        gauges.Select(value).Order().ElementAt(gauges.Count / 2);

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Apart from what the runtime holds beside it, so that a growth tells where to look.</summary>
    private async Task<double?> HeapAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(Interval);
            var metrics = await servers.Survivor.Client.GetStringAsync(
                new Uri("/metrics", UriKind.Relative),
                patience.Token
            );
            var sizes = metrics.Split('\n').Where(static l => l.StartsWith(HeapMetric, StringComparison.Ordinal));
            // A name, labels, the value, the time.
            return sizes.Sum(static l =>
                    double.Parse(
                        l[(l.IndexOf('}', StringComparison.Ordinal) + 1)..]
                            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
                        CultureInfo.InvariantCulture
                    )
                ) / (1024 * 1024);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private void Add(string name, int process, double? heap)
    {
        try
        {
            var resident = File.ReadLines($"/proc/{process}/status")
                .First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            var handles = Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count();
            _read.Add(
                new(
                    Math.Round(clock.Elapsed.TotalSeconds, 1),
                    name,
                    double.Parse(resident, CultureInfo.InvariantCulture) / 1024,
                    heap,
                    handles
                )
            );
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It is just being killed.
        }
    }
}

/// <summary>Medians of the first and the last third.</summary>
internal sealed record Growth(
    double FirstMegabytes,
    double LastMegabytes,
    double FirstHeap,
    double LastHeap,
    double FirstHandles,
    double LastHandles
)
{
    /// <summary>What a garbage collector may keep more or less of, and connections that are being made again.</summary>
    public bool IsGrowing => LastMegabytes > (FirstMegabytes * 1.25) + 16 || LastHandles > (FirstHandles * 1.1) + 10;
}
