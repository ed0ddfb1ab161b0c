using System.Diagnostics;
using System.Text.Json;
using Threeport.Benchmarks.Clients;
using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks.Benchmarks;

/// <summary>
/// Lists of 100,000 definitions in ten teams: every page of 50 of one team, newest first; its last page against its first; and all
/// of them by pages of 500, the most there is, per object against kube-apiserver's list, by pages of 500 as kubectl reads it, of
/// 25,000 custom resources. The row without a goal is kube-apiserver's whole list in one answer out of its cache.
/// </summary>
internal static class Paging
{
    private const int Resources = 100_000;
    private const int Objects = 25_000;
    private const string OneTeam = $"{Documents.Definitions}?labels.team=team-3&sort=age&limit=50";

    public static async Task RunAsync(Bench bench)
    {
        await using var host = await bench.ControlPlaneAsync("api");
        await FillAsync(host, bench.Stop);
        var (times, last) = await WalkAsync(host.Side, OneTeam, bench.Stop);
        (times, last) = await WalkAsync(host.Side, OneTeam, bench.Stop);
        bench.Report.Bound(
            "page of 50 of 100,000, filtered and sorted, p95",
            "ms",
            Goal.AtMost(20),
            Numbers.Percentile([.. times.Order()], 0.95)
        );
        bench.Report.Compare(
            "last page / first page of those",
            "ms",
            Goal.AtMost(1.3),
            await Pairs.MeasureAsync(
                bench.Pairs,
                () => PageAsync(host.Side, last, bench.Stop),
                () => PageAsync(host.Side, OneTeam, bench.Stop)
            )
        );
        await WholeAsync(bench, host);
    }

    private static async Task WholeAsync(Bench bench, ControlPlane host)
    {
        await using var cluster = await bench.ClusterAsync();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Objects),
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = bench.Stop },
            async (_, token) =>
                await cluster.Side.PostAsync(
                    Documents.CustomResources,
                    Documents.CustomResource(Documents.Name()),
                    token
                )
        );
        const string all = $"{Documents.Definitions}?limit=500";
        const string theirs = $"{Documents.CustomResources}?limit=500";
        await WalkAsync(host.Side, all, bench.Stop);
        await WalkAsync(cluster.Side, theirs, bench.Stop);
        bench.Report.Compare(
            "all 100,000 by pages, per object / kube-apiserver's by pages",
            "µs",
            Goal.AtMost(0.2),
            await Pairs.MeasureAsync(
                bench.Pairs,
                async () => (await WalkAsync(host.Side, all, bench.Stop)).Times.Sum() * 1000 / Resources,
                async () => (await WalkAsync(cluster.Side, theirs, bench.Stop)).Times.Sum() * 1000 / Objects
            )
        );
        bench.Report.Compare(
            "  the same / kube-apiserver's in one answer from its cache",
            "µs",
            goal: null,
            await Pairs.MeasureAsync(
                bench.Pairs,
                async () => (await WalkAsync(host.Side, all, bench.Stop)).Times.Sum() * 1000 / Resources,
                async () =>
                    await OnceAsync(cluster.Side, $"{Documents.CustomResources}?resourceVersion=0", bench.Stop)
                    * 1000
                    / Objects
            )
        );
    }

    private static Task FillAsync(ControlPlane host, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, Resources).Chunk(1000),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            async (numbers, token) =>
                await host.Side.PostAsync(
                    "/v0/apply",
                    Documents.Apply(
                        numbers.Select(static _ => Documents.Name()),
                        static i => $$"""{"team":"team-{{i % 10}}"}"""
                    ),
                    token
                )
        );

    /// <returns>The milliseconds of each page, and the path of the last.</returns>
    private static async Task<(IReadOnlyList<double> Times, string Last)> WalkAsync(
        Side side,
        string path,
        CancellationToken cancellationToken
    )
    {
        var times = new List<double>();
        var page = path;
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            var body = await side.GetAsync(page, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (Continue(body) is not { Length: > 0 } token)
            {
                return (times, page);
            }

            page = $"{path}&continue={Uri.EscapeDataString(token)}";
        }
    }

    /// <returns>Milliseconds, the median of 20.</returns>
    private static async Task<double> PageAsync(Side side, string page, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            times.Add(await OnceAsync(side, page, cancellationToken));
        }

        return Numbers.Median(times);
    }

    private static async Task<double> OnceAsync(Side side, string path, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await side.GetAsync(path, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Ours says it beside the items, Kubernetes in the metadata of the list; neither has such a member in an item.</summary>
    private static string? Continue(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType is not JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.CurrentDepth <= 2 && reader.ValueTextEquals("continue"u8))
            {
                reader.Read();
                return reader.GetString();
            }

            if (reader.ValueTextEquals("items"u8))
            {
                reader.Skip();
            }
        }

        return null;
    }
}
