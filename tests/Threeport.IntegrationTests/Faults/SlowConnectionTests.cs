using System.Diagnostics;
using System.Globalization;
using System.Net;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>F30: connections that are opened and held, by anybody or by somebody with a token, leave room for others.</summary>
public sealed class SlowConnectionTests
{
    private const int Wanted = 10_000;
    private const int Requests = 100;

    /// <summary>What the test needs beside its slow connections.</summary>
    private const int OtherFiles = 1_000;
    private static readonly TimeSpan Served = TimeSpan.FromSeconds(10);

    [TestCase(1)]
    [TestCase(500)]
    public async Task F30_Ten_thousand_slow_connections_keep_nobody_out(int addresses)
    {
        await using var host = await HostProcess.StartAsync();
        var before = await FreshAsync(host);
        var kept = host.Client;
        kept.Timeout = Served;
        await GetAsync(kept);

        var count = Math.Min(Wanted, OpenFiles() - OtherFiles);
        TestContext.Out.WriteLine($"{count} slow connections; the system allows {OpenFiles()} open files");
        await using var slow = new SlowConnections(
            new(IPAddress.Loopback, host.Address.Port),
            host.CaFile,
            count,
            addresses
        );
        var during = new List<TimeSpan>();
        var most = 0;
        while (slow.Opened < count)
        {
            during.AddRange(await FreshAsync(host, 5));
            await GetAsync(kept);
            most = Math.Max(most, Directory.GetFiles($"/proc/{host.Process.Id}/fd").Length);
        }

        during.AddRange(await FreshAsync(host));
        TestContext.Out.WriteLine(
            $"a new connection and a request: {Median(before):0.0} ms before, {Median(during):0.0} ms of {during.Count} during it; hung up on {slow.HungUpOn}, at most {most} files open"
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(most, Is.LessThan(4_000 + OtherFiles), "held at once");
            Assert.That(slow.HungUpOn, Is.GreaterThan(count / 4));
            Assert.That(await MetricsAsync(host), Does.Match("threeport_connections_displaced[a-z_]*({[^}]*})? [1-9]"));
        }
    }

    [Test]
    public async Task The_connections_of_one_identity_do_not_take_all_places()
    {
        await using var host = await HostProcess.StartAsync(
            environment: new Dictionary<string, string?> { ["THREEPORT_LIMITS__CONNECTIONS"] = "40" }
        );
        var token = (await File.ReadAllTextAsync(Path.Combine(host.Data, "admin.token"))).Trim();
        var greedy = Enumerable.Range(0, 60).Select(_ => host.CreateClient(token)).ToList();
        foreach (var client in greedy)
        {
            await GetAsync(client);
        }

        using var other = host.CreateClient(token: null);
        using var answer = await other.GetAsync("/healthz");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        // Whoever was hung up on is served again, and the first ten never were.
        foreach (var client in greedy)
        {
            await GetAsync(client);
            client.Dispose();
        }
    }

    /// <summary>Each on a connection of its own.</summary>
    private static async Task<List<TimeSpan>> FreshAsync(HostProcess host, int count = Requests)
    {
        var token = (await File.ReadAllTextAsync(Path.Combine(host.Data, "admin.token"))).Trim();
        var times = new List<TimeSpan>();
        for (var i = 0; i < count; i++)
        {
            using var client = host.CreateClient(token);
            client.Timeout = Served;
            var start = Stopwatch.GetTimestamp();
            await GetAsync(client);
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        return times;
    }

    private static async Task GetAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/v0/workload-definitions?limit=1");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task<string> MetricsAsync(HostProcess host)
    {
        using var answer = await host.Client.GetAsync("/metrics");
        return await answer.Content.ReadAsStringAsync();
    }

    private static double Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2).TotalMilliseconds;

    /// <summary>How many files this process may have open; the runtime has raised it to the hard limit.</summary>
    private static int OpenFiles()
    {
        var limit = File.ReadLines("/proc/self/limits")
            .First(static l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var text = limit["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : Wanted * 2;
    }
}
