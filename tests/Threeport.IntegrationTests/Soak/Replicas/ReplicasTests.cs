using System.Diagnostics;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Soak.Replicas;

/// <summary>
/// A steady load on two API replicas, two controller replicas, three brokers and a database with a standby, while each of them is killed
/// and cut off. <c>build/soak replicas</c> runs it, for it needs a cluster with the images of this version.
/// </summary>
[Category("Replicas")]
public sealed class ReplicasTests
{
    private const int Clients = 6;
    private const int NamesEach = 8;

    /// <summary>Answers until the load is steady: processes that have just begun compile more than they work.</summary>
    private const int Steady = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(10);

    [Test]
    public async Task Nothing_is_lost_or_doubled_and_nobody_waits_long_while_each_replica_is_killed_and_cut_off()
    {
        var kubeconfig = Environment.GetEnvironmentVariable("KUBECONFIG");
        Assert.That(kubeconfig, Is.Not.Empty.And.Not.Null, "KUBECONFIG names the cluster");
        await using var controlPlane = await InstalledControlPlane.StartAsync(kubeconfig!, Clients);
        var report = await RunAsync(controlPlane);
        SoakOutput.Say(report.Table());
        await SoakOutput.WriteAsync(report.Json());
        Assert.That(report.IsGood, Is.True, report.Table());
        Assert.That(report.Ledger.LongestGap, Is.LessThan(LongestGap), "no client waits longer");
    }

    private static async Task<SoakReport> RunAsync(InstalledControlPlane controlPlane)
    {
        var clock = Stopwatch.StartNew();
        var ledger = new Ledger();
        using var canary = new Canary(controlPlane, clock);
        using var disruptions = new Disruptions(controlPlane, canary, ledger, clock);
        using var healed = new CancellationTokenSource();
        var seed = SoakOutput.Seed();
        var clients = Enumerable
            .Range(0, Clients)
            .Select(i => new SoakClient(i, NamesEach, controlPlane.ClientOf(i), ledger, new Random(seed + i), Patience))
            .Select(c => c.RunAsync(healed.Token));
        Task[] background = [.. clients, canary.RunAsync(healed.Token)];
        try
        {
            await Eventually.TrueAsync(
                "the load is steady",
                () => ledger.Writes.Count(static w => w.IsAnswered) > Steady,
                TimeSpan.FromMinutes(2)
            );
            await disruptions.RunAsync(SoakOutput.Say, CancellationToken.None);
            if (ledger.LongestGap >= LongestGap)
            {
                await WhatPodsWroteAsync(controlPlane);
            }
        }
        catch
        {
            await WhatPodsWroteAsync(controlPlane);
            throw;
        }
        finally
        {
            await healed.CancelAsync();
            await Task.WhenAll(background);
        }

        var ended = clock.Elapsed;
        var notConverged = await Convergence.WrongAfterAsync(controlPlane);
        var convergedIn = clock.Elapsed - ended;
        return new(
            seed,
            ended.TotalSeconds,
            ledger,
            await Audit.OfAsync(ledger, controlPlane),
            notConverged,
            convergedIn.TotalSeconds,
            canary,
            disruptions.Done,
            Gauges: null
        );
    }

    private static async Task WhatPodsWroteAsync(InstalledControlPlane controlPlane) =>
        await TestContext.Out.WriteLineAsync(await controlPlane.LogsAsync());
}
