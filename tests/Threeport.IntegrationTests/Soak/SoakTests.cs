using System.Diagnostics;
using System.Globalization;

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

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Nothing_is_lost_doubled_or_left_unconverged_while_host_broker_and_database_are_killed()
    {
        var minutes = double.Parse(
            Environment.GetEnvironmentVariable("THREEPORT_SOAK_MINUTES") ?? "1",
            CultureInfo.InvariantCulture
        );
        var seed = SoakOutput.Seed();
        SoakOutput.Say($"seed {seed}, {minutes} minutes");
        await using var servers = await SoakServers.StartAsync();
        var report = await RunAsync(servers, seed, TimeSpan.FromMinutes(minutes));
        SoakOutput.Say(report.Table());
        await SoakOutput.WriteAsync(report.Json());

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
            .Select(i => new SoakClient(i, NamesEach, servers.ClientOf(i), ledger, new Random(seed + 1 + i), Patience))
            .Select(c => c.RunAsync(healed.Token));
        Task[] background = [.. clients, canary.RunAsync(healed.Token), gauges.RunAsync(healed.Token)];
        try
        {
            await kills.RunAsync(SoakOutput.Say, over.Token);
        }
        finally
        {
            await healed.CancelAsync();
            await Task.WhenAll(background);
        }

        var ended = clock.Elapsed;
        var notConverged = await Convergence.WrongAfterAsync(servers);
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
}
