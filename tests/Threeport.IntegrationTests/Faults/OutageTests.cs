using System.Diagnostics;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>Long outages of what a control plane stands on. Most of their time is waiting, so they wait together.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class OutageTests
{
    /// <summary>F3 and F5: writes need no broker, and what they ask for is done when there is one again, be it empty.</summary>
    [Test]
    public async Task F05_A_broker_that_is_away_for_thirty_seconds_and_loses_its_disk_costs_nothing()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var whole = await WholeControlPlane.StartAsync("--nats", nats.Url);
        var churn = new WorkloadChurn(whole);
        await churn.DefineAsync(Enumerable.Range(0, 90));
        for (var i = 0; i < 30; i++)
        {
            await churn.CreateAsync(i);
        }

        await nats.KillAsync();
        nats.Wipe();
        var away = Stopwatch.StartNew();
        for (var i = 0; i < 60; i++)
        {
            Assert.That(await churn.CreateAsync(30 + i), Is.True, "a write does not need the broker");
            if (i % 3 == 0)
            {
                Assert.That(await churn.DeleteAsync(i / 3), Is.True);
            }

            await UntilAsync(away, TimeSpan.FromSeconds(0.5 * (i + 1)));
        }

        await nats.RestartAsync();
        await churn.SettledAsync(TimeSpan.FromSeconds(30));
        Assert.That(churn.Unknown, Is.Zero);
    }

    /// <summary>F26: what was asked for while the cluster was away is done when it is back, without anybody's help.</summary>
    [Test]
    public async Task F26_A_Kubernetes_API_that_is_away_for_a_minute_is_caught_up_with()
    {
        await using var whole = await WholeControlPlane.StartAsync();
        var churn = new WorkloadChurn(whole);
        await churn.DefineAsync(Enumerable.Range(0, 40));
        for (var i = 0; i < 20; i++)
        {
            await churn.CreateAsync(i);
        }

        await churn.SettledAsync(TimeSpan.FromSeconds(60));
        await whole.Kubernetes.KillApiAsync();
        var away = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
        {
            Assert.That(await churn.CreateAsync(20 + i), Is.True);
            Assert.That(i % 2 == 1 || await churn.DeleteAsync(i), Is.True);
            await UntilAsync(away, TimeSpan.FromSeconds(3 * (i + 1)));
        }

        await whole.Kubernetes.RestartApiAsync();
        await churn.SettledAsync(TimeSpan.FromSeconds(90));
        Assert.That(churn.Unknown, Is.Zero);
    }

    /// <summary>An outage is a length of time: there is nothing else to wait for.</summary>
    private static Task UntilAsync(Stopwatch clock, TimeSpan time) =>
        time > clock.Elapsed ? Task.Delay(time - clock.Elapsed) : Task.CompletedTask;
}
