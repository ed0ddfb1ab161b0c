using System.Diagnostics;
using System.Text.Json.Nodes;
using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>
/// Resources whose reconciler waits for 50 ms, as for a cloud, reconciled by four processes of controllers against one, which ask one API
/// over HTTPS. The time is from the first write to the last outcome. Each has four workers, so that it is the waiting that is shared: with
/// the usual 32, which the row without a goal shows, a few replicas use all of the processors that they share with the API and each other.
/// The second row is by how much the share of one of the four differs from a quarter, at most.
/// </summary>
internal static class Replicas
{
    private const int Many = 4;
    private const int Few = 4;
    private const int Usual = 32;
    private const int WarmUp = 300;

    /// <summary>So much work for one that it takes some ten seconds.</summary>
    private const int PassesAWorker = 200;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static async Task RunAsync(Bench bench)
    {
        await using var broker = new Broker(bench.NewFolder("nats"));
        await broker.StartAsync(bench.Stop);
        await using var api = await bench.TestControlPlaneAsync("api", "--modules", "probes", "--nats", broker.Url);
        await using var backlog = new Backlog(api);
        var largest = new List<double>();
        bench.Report.Compare(
            "reconciled per second, passes of 50 ms, 4 replicas / 1",
            "1/s",
            Goal.AtLeast(2.5),
            await MeasureAsync(Few, largest)
        );
        bench.Report.Bound("  share of a replica, how far from a quarter at most", "", Goal.AtMost(0.2), largest.Max());
        bench.Report.Compare("  the same with 32 workers each", "1/s", goal: null, await MeasureAsync(Usual, []));

        Task<IReadOnlyList<(double Ours, double Reference)>> MeasureAsync(int workers, List<double> shares) =>
            Pairs.MeasureAsync(
                bench.Pairs,
                () => RunAsync(bench, api, backlog, broker, (Many, workers), shares),
                () => RunAsync(bench, api, backlog, broker, (1, workers), [])
            );
    }

    private static async Task<double> RunAsync(
        Bench bench,
        ControlPlane api,
        Backlog backlog,
        Broker broker,
        (int Replicas, int Workers) size,
        List<double> largest
    )
    {
        var folders = Enumerable.Range(0, size.Replicas).Select(_ => bench.NewFolder("controllers")).ToList();
        await using var controllers = await Controllers.StartAsync(
            bench.TestHost,
            api,
            broker,
            folders,
            size.Workers,
            bench.Stop
        );
        // A process compiles what is hot while it works.
        await DoneAsync(WarmUp * size.Replicas);
        // What a resync has told meanwhile comes after it, and before this.
        await DoneAsync(size.Replicas * size.Workers * 4);

        var count = PassesAWorker * size.Workers;
        var start = Stopwatch.GetTimestamp();
        var run = await DoneAsync(count);
        var rate = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var shares = await SharesAsync(bench, api, run, controllers.Processes);
        largest.Add(shares.Max(s => Math.Abs((s * size.Replicas) - 1)));
        return rate;

        async Task<string> DoneAsync(int resources)
        {
            var name = Guid.CreateVersion7().ToString("N");
            await WriteAsync(bench, api, name, resources);
            await backlog.ReconciledAsync(Limit, bench.Stop);
            return name;
        }
    }

    private static async Task WriteAsync(Bench bench, ControlPlane api, string run, int count)
    {
        foreach (var names in Enumerable.Range(0, count).Chunk(1_000))
        {
            var resources = names.Select(n => new JsonObject
            {
                ["kind"] = "probe",
                ["name"] = $"p-{run}-{n}",
                ["labels"] = new JsonObject { ["run"] = run },
                ["spec"] = new JsonObject { ["takesMilliseconds"] = 50 },
            });
            var body = new JsonObject { ["resources"] = new JsonArray([.. resources]) };
            await api.Side.PostAsync("/v0/apply", body.ToJsonString(), bench.Stop);
        }
    }

    /// <summary>Of each process the part of the resources whose status it has written.</summary>
    private static async Task<IReadOnlyList<double>> SharesAsync(
        Bench bench,
        ControlPlane api,
        string run,
        IReadOnlyList<int> processes
    )
    {
        var by = new List<int>();
        var more = "";
        do
        {
            var page = await api.Side.ReadAsync($"/v0/probes?labels.run={run}&limit=500{more}", bench.Stop);
            by.AddRange(page["items"]!.AsArray().Select(static i => (int)i!["status"]!["by"]!));
            more = (string?)page["continue"] is { } next ? $"&continue={Uri.EscapeDataString(next)}" : "";
        } while (more.Length > 0);

        return [.. processes.Select(p => by.Count(b => b == p) / (double)by.Count)];
    }
}
