using System.Diagnostics;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>Two hosts with the controllers role on one database and broker: each resource is one's at a time.</summary>
public sealed class TwoHostsTests
{
    private const int Stop = 19;
    private const int Continue = 18;

    /// <summary>A lease, and a second more for the sweep that gives it back.</summary>
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(16);
    private TwoHosts _two = null!;

    [SetUp]
    public async Task StartAsync() => _two = await TwoHosts.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _two.DisposeAsync();

    /// <summary>F16: no resource is in two passes at once, though a host dies every few seconds; what it held is taken over.</summary>
    [Test]
    public async Task F16_No_resource_is_reconciled_by_two_hosts_at_once_though_they_are_killed_in_turn()
    {
        var deaths = new List<(int Process, TimeSpan At)>();
        for (var round = 0; round < 4; round++)
        {
            var (dies, stays) = (_two.Hosts[round % 2], _two.Hosts[(round + 1) % 2]);
            await TwoHosts.ApplyAsync(stays, Names(250), new { takesMilliseconds = 100, value = round });
            var process = dies.Process.Id;
            await Eventually.TrueAsync(
                "the one that dies has begun some",
                () => _two.Journal().Count(e => e.Process == process && e.IsBegin) > 20 * (round + 1)
            );
            await dies.KillAsync();
            deaths.Add((process, Now));
            await dies.StartAgainAsync();
            await Eventually.TrueAsync(
                "all are reconciled",
                async () => await TwoHosts.UnreadyAsync(stays) == 0,
                TimeSpan.FromSeconds(60)
            );
        }

        // The last one that was started may have come too late for what was left: it is given work of its own.
        var last = _two.Hosts[1].Process.Id;
        await TwoHosts.ApplyAsync(_two.Hosts[0], Names(250), new { takesMilliseconds = 100, value = 4 });
        await Eventually.TrueAsync("the last one works", () => _two.Journal().Any(e => e.Process == last));
        await Eventually.TrueAsync("all are reconciled", async () => await TwoHosts.UnreadyAsync(_two.Hosts[0]) == 0);

        var journal = _two.Journal();
        Assert.Multiple(() =>
        {
            Assert.That(Overlaps(journal, deaths), Is.Empty);
            Assert.That(
                journal.Select(static e => e.Process).Distinct().Count(),
                Is.EqualTo(6),
                "processes that worked"
            );
        });
    }

    /// <summary>F17: a host that is stopped for longer than its lease finds, when it goes on, that nothing it says counts.</summary>
    [Test]
    public async Task F17_A_host_that_slept_through_its_lease_is_refused_when_it_wakes()
    {
        await TwoHosts.PutAsync(_two.Hosts[0], "zombie", new { takesMilliseconds = 4_000, value = 1 });
        var first = await Eventually.ValueAsync(
            "a pass has begun",
            () => Task.FromResult(_two.Journal().FirstOrDefault(static e => e.IsBegin))
        );
        var (sleeper, other) = (_two.HostOf(first.Process), _two.Hosts.Single(h => h.Process.Id != first.Process));
        sleeper.Process.Signal(Stop);
        var stopped = Now;
        try
        {
            await Eventually.TrueAsync(
                "the other has taken over",
                async () => TwoHosts.IsReady(await TwoHosts.FindAsync(other, "zombie")),
                Takeover + TimeSpan.FromSeconds(8)
            );
        }
        finally
        {
            sleeper.Process.Signal(Continue);
        }

        var second = _two.Journal().First(e => e.IsBegin && e.Process == other.Process.Id);
        var before = await TwoHosts.FindAsync(other, "zombie");
        await Eventually.TrueAsync(
            "the sleeper finds its lease lost",
            () => sleeper.Log.Contains("is lost", StringComparison.Ordinal)
        );
        await TwoHosts.PutAsync(sleeper, "awake", new { value = 2 });
        await Eventually.TrueAsync(
            "the sleeper works again",
            async () => TwoHosts.IsReady(await TwoHosts.FindAsync(sleeper, "awake"))
        );
        var after = await TwoHosts.FindAsync(other, "zombie");
        Assert.Multiple(() =>
        {
            Assert.That(second.At - stopped, Is.LessThan(Takeover));
            Assert.That(second.Epoch, Is.GreaterThan(first.Epoch));
            Assert.That((int)after["status"]!["by"]!, Is.EqualTo(other.Process.Id));
            Assert.That((long)after["revision"]!, Is.EqualTo((long)before["revision"]!));
        });
    }

    /// <summary>F20: resources that always fail take nothing from one that does not.</summary>
    [Test]
    public async Task F20_A_thousand_resources_that_always_fail_leave_a_healthy_one_alone()
    {
        await TwoHosts.ApplyAsync(_two.Hosts[0], Names(1_000), new { fails = true });
        await Eventually.TrueAsync(
            "they fail",
            async () =>
                (await TwoHosts.FindAsync(_two.Hosts[0], "p-999"))["conditions"]!
                    .ToJsonString()
                    .Contains("told to fail", StringComparison.Ordinal),
            TimeSpan.FromSeconds(20)
        );
        for (var i = 0; i < 10; i++)
        {
            await TwoHosts.PutAsync(_two.Hosts[0], $"healthy-{i}", new { value = i });
            var name = $"healthy-{i}";
            await Eventually.TrueAsync(
                "the healthy one is reconciled",
                async () => TwoHosts.IsReady(await TwoHosts.FindAsync(_two.Hosts[0], name)),
                TimeSpan.FromSeconds(1)
            );
        }
    }

    private static TimeSpan Now => TimeSpan.FromTicks(Stopwatch.GetTimestamp() / TimeSpan.NanosecondsPerTick);

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(static i => $"p-{i}");

    /// <summary>Passes of one resource that ran at the same time. One without an end ended with its process.</summary>
    private static IEnumerable<string> Overlaps(
        IReadOnlyList<TwoHosts.Entry> journal,
        List<(int Process, TimeSpan At)> deaths
    ) =>
        from resource in journal.GroupBy(static e => e.Name)
        let passes = resource
            .Where(static e => e.IsBegin)
            .Select(begin => (Begin: begin, End: EndOf(begin, resource, deaths)))
            .OrderBy(static p => p.Begin.At)
            .ToList()
        from pair in passes.Zip(passes.Skip(1))
        where pair.Second.Begin.At < pair.First.End
        select $"{pair.First.Begin} until {pair.First.End} and {pair.Second.Begin}";

    private static TimeSpan EndOf(
        TwoHosts.Entry begin,
        IEnumerable<TwoHosts.Entry> resource,
        List<(int Process, TimeSpan At)> deaths
    ) =>
        resource.FirstOrDefault(e => !e.IsBegin && e.Epoch == begin.Epoch && e.Process == begin.Process)?.At
        ?? deaths.Find(d => d.Process == begin.Process).At;
}
