using Threeport.IntegrationTests.EndToEnd;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>
/// F1: the host is killed at random moments while workloads are created and deleted. Afterwards nothing that was answered is
/// lost, nothing is there twice, and nothing is left in the cluster.
/// </summary>
public sealed class HostKillTests
{
    private const int Kills = 50;
    private const int Creations = 320;
    private const int Deletions = 180;

    [Test]
    public async Task F01_A_host_that_is_killed_fifty_times_among_five_hundred_writes_loses_and_doubles_nothing()
    {
        var seed = Random.Shared.Next();
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var nats = await NatsServer.StartAsync();
        var database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        await using var whole = await WholeControlPlane.StartAsync("--database", database, "--nats", nats.Url);
        var churn = new WorkloadChurn(whole);
        await churn.DefineAsync(Enumerable.Range(0, Creations));

        var writes = Writes(random);
        var killAt = Enumerable.Range(0, writes.Count).OrderBy(_ => random.Next()).Take(Kills).ToHashSet();
        for (var i = 0; i < writes.Count; i++)
        {
            var (create, index) = writes[i];
            var write = create ? churn.CreateAsync(index) : churn.DeleteAsync(index);
            if (killAt.Contains(i))
            {
                // Somewhere between before it arrives and long after it was answered, when the controllers are at it.
                await Task.Delay(random.Next(0, 60));
                await whole.Host.KillAsync();
                await write;
                await whole.Host.StartAgainAsync();
            }

            await write;
        }

        Assert.That(churn.Answered + churn.Unknown, Is.EqualTo(Creations + Deletions));
        await churn.SettledAsync(TimeSpan.FromSeconds(60));
        TestContext.Out.WriteLine($"{Kills} kills, {churn.Answered} writes answered, {churn.Unknown} not");
    }

    /// <summary>Each creation once, and the deletions of some of what was created before.</summary>
    private static List<(bool Create, int Index)> Writes(Random random)
    {
        var writes = new List<(bool, int)>();
        var there = new List<int>();
        var (created, deleted) = (0, 0);
        while (created < Creations || deleted < Deletions)
        {
            var create = created < Creations && (there.Count == 0 || deleted == Deletions || random.Next(3) < 2);
            if (create)
            {
                there.Add(created);
                writes.Add((true, created++));
            }
            else
            {
                var at = random.Next(there.Count);
                writes.Add((false, there[at]));
                there.RemoveAt(at);
                deleted++;
            }
        }

        return writes;
    }
}
