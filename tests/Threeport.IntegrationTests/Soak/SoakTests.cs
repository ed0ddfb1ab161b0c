using System.Diagnostics;
using System.Globalization;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Soak;

/// <summary>
/// A steady load while host, broker and database are killed at random: nothing answered is lost, nothing is done twice, everything
/// converges, and a host that lives through it does not grow. A minute here; <c>build/soak</c> runs it for longer.
/// </summary>
[Category("EndToEnd")]
public sealed class SoakTests
{
    private const int Clients = 6;
    private const int NamesEach = 8;

    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Nothing_is_lost_doubled_or_left_unconverged_while_host_broker_and_database_are_killed()
    {
        var minutes = double.Parse(
            Environment.GetEnvironmentVariable("THREEPORT_SOAK_MINUTES") ?? "1",
            CultureInfo.InvariantCulture
        );
        var seed = int.TryParse(Environment.GetEnvironmentVariable("THREEPORT_SEED"), out var given)
            ? given
            : Random.Shared.Next();
        Say($"seed {seed}, {minutes} minutes");
        await using var servers = await SoakServers.StartAsync();
        var report = await RunAsync(servers, seed, TimeSpan.FromMinutes(minutes));
        Say(report.Table());
        if (Environment.GetEnvironmentVariable("THREEPORT_SOAK_OUT") is { Length: > 0 } file)
        {
            await File.WriteAllTextAsync(file, report.Json());
        }

        Assert.That(report.Kills.Select(static k => k.What).Distinct().Count(), Is.EqualTo(3), "each was killed");
        Assert.That(report.IsGood, Is.True, $"{report.Table()}\n{servers.Survivor.Log}");
    }

    private static async Task<SoakReport> RunAsync(SoakServers servers, int seed, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var ledger = new Ledger();
        using var canary = new Canary(servers, clock);
        var kills = new Kills(servers, canary, new Random(seed), clock);
        var gauges = new Gauges(servers, clock);
        // Kills end first, for each waits until the canary saw it healed; then the load.
        using var over = new CancellationTokenSource(time);
        using var healed = new CancellationTokenSource();
        var clients = Enumerable
            .Range(0, Clients)
            .Select(i => new SoakClient(i, NamesEach, ClientOf(servers, i), ledger, new Random(seed + 1 + i)))
            .Select(c => c.RunAsync(healed.Token));
        Task[] background = [.. clients, canary.RunAsync(healed.Token), gauges.RunAsync(healed.Token)];
        try
        {
            await kills.RunAsync(Say, over.Token);
        }
        finally
        {
            await healed.CancelAsync();
            await Task.WhenAll(background);
        }

        var ended = clock.Elapsed;
        var notConverged = await ConvergedAsync(servers);
        var convergedIn = clock.Elapsed - ended;
        return new(
            seed,
            ended.TotalSeconds,
            ledger,
            await Audit.OfAsync(ledger, servers),
            notConverged,
            convergedIn.TotalSeconds,
            canary,
            kills.Done,
            gauges
        );
    }

    private static HttpClient ClientOf(SoakServers servers, int client) =>
        (client % 2 == 0 ? servers.Victim : servers.Survivor).Client;

    /// <returns>What is not as it should be after a minute without faults.</returns>
    private static async Task<IReadOnlyList<string>> ConvergedAsync(SoakServers servers)
    {
        using var cluster = servers.Whole.Cluster();
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var wrong = await WrongAsync(servers.Whole, cluster);
            if (wrong.Count == 0 || clock.Elapsed > Settled)
            {
                return wrong;
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Instances that are not Healthy, or are being deleted; and ConfigMaps that are too many, missing, or not as defined.</summary>
    private static async Task<IReadOnlyList<string>> WrongAsync(WholeControlPlane whole, ClusterClient cluster)
    {
        var marks = (await whole.ListAsync("workload-definitions")).ToDictionary(
            static d => (string)d["name"]!,
            static d => (string?)d["labels"]?["write"]
        );
        var instances = await whole.ListAsync("workload-instances");
        var map = (await cluster.FindResourceAsync("v1", "ConfigMap", CancellationToken.None))!;
        var query = new ListQuery { Namespace = "default", LabelSelector = "app.kubernetes.io/managed-by=threeport" };
        var there = (await cluster.ListAsync(map, query, CancellationToken.None)).Items.ToDictionary(
            static o => (string)o["metadata"]!["name"]!,
            static o => (string?)o["data"]?["write"]
        );
        var names = instances.Select(static i => (string)i["name"]!).ToHashSet();
        return
        [
            .. instances
                .Where(static i => WholeControlPlane.Reason(i) != "Healthy" || i["deletionRequestedAt"] is not null)
                .Select(static i => $"not Healthy: {i.ToJsonString()}"),
            .. there.Keys.Except(names).Select(static n => $"ConfigMap {n} is left"),
            .. names
                .Where(n => !there.ContainsKey(n) || (marks[n] is { } mark && there[n] != mark))
                .Select(n => $"ConfigMap {n} shows {there.GetValueOrDefault(n)}, not {marks[n]}"),
        ];
    }

    private static void Say(string line)
    {
        TestContext.Out.WriteLine(line);
        if (Environment.GetEnvironmentVariable("THREEPORT_SOAK_LOG") is { Length: > 0 } log)
        {
            File.AppendAllText(log, line + "\n");
        }
    }
}
