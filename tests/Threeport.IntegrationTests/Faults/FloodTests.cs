using System.Diagnostics;
using System.Net;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>F29: one identity asks for as much as it can; others do not notice.</summary>
public sealed class FloodTests
{
    private const int Connections = 300;
    private const int Samples = 300;
    private static readonly TimeSpan Ramp = TimeSpan.FromSeconds(4);

    /// <summary>Of a machine that carries the flood's clients, too, and is no slowness.</summary>
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(50);

    [Test]
    public async Task F29_A_flood_of_one_identity_is_refused_and_others_are_served()
    {
        await using var host = await HostProcess.StartAsync(
            environment: new Dictionary<string, string?>
            {
                ["THREEPORT_LIMITS__REQUESTS_PER_SECOND"] = "100",
                ["THREEPORT_LIMITS__BURST"] = "100",
            }
        );
        using var flooding = host.CreateClient(await TokenAsync(host, "flood"));
        using var steady = host.CreateClient(await TokenAsync(host, "steady"));
        await SlowestPercentAsync(steady);
        var before = await SlowestPercentAsync(steady);

        using var stop = new CancellationTokenSource();
        // One after the other: three hundred handshakes at once, with both of their sides on this machine, are another fault.
        var floods = Enumerable
            .Range(0, Connections)
            .Select(i => FloodAsync(flooding, Ramp * i / Connections, stop.Token))
            .ToList();
        await Task.Delay(Ramp);
        var during = await SlowestPercentAsync(steady);
        await stop.CancelAsync();
        var statuses = (await Task.WhenAll(floods)).SelectMany(static s => s).ToList();

        TestContext.Out.WriteLine(
            $"p99 {before.TotalMilliseconds:0.0} ms before, {during.TotalMilliseconds:0.0} ms during the flood of {statuses.Count} requests"
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(statuses, Is.All.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(
                statuses.Count(static s => s == HttpStatusCode.TooManyRequests),
                Is.GreaterThan(statuses.Count / 2)
            );
            Assert.That(host.Process.HasExited, Is.False);
            Assert.That(during, Is.LessThan((2 * before) + Noise));
        }
    }

    /// <summary>Whoever guesses tokens is slowed down, and the one who has one is not.</summary>
    [Test]
    public async Task Guessing_gets_slow_and_costs_nobody_else()
    {
        await using var host = await HostProcess.StartAsync();
        using var guessing = host.CreateClient("tp_0123456789abcdef_guess");
        var start = Stopwatch.GetTimestamp();
        var statuses = new List<HttpStatusCode>();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(3))
        {
            using var answer = await guessing.GetAsync("/v0/kinds");
            statuses.Add(answer.StatusCode);
        }

        Assert.That(statuses, Has.Count.LessThan(200), "a hundred at once, then a few a second");
        Assert.That(statuses[0], Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(statuses[^1], Is.EqualTo(HttpStatusCode.TooManyRequests));
        using var served = await host.Client.GetAsync("/v0/kinds");
        Assert.That(served.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task<string> TokenAsync(HostProcess host, string name)
    {
        using var body = new StringContent(
            $$"""{"name": "{{name}}", "roles": ["operator"]}""",
            System.Text.Encoding.UTF8,
            "application/json"
        );
        using var answer = await host.Client.PostAsync("/v0/tokens", body);
        var issued = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (string)issued["token"]!;
    }

    /// <summary>The 99th percentile of reads at a pace that is within the limit.</summary>
    private static async Task<TimeSpan> SlowestPercentAsync(HttpClient client)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Samples; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync("/v0/workload-definitions?limit=1");
            times.Add(Stopwatch.GetElapsedTime(start));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), "whoever keeps within the limit is served");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        return times.Order().ElementAt(Samples * 99 / 100);
    }

    private static async Task<List<HttpStatusCode>> FloodAsync(
        HttpClient client,
        TimeSpan after,
        CancellationToken stop
    )
    {
        var statuses = new List<HttpStatusCode>();
        await Task.Delay(after, CancellationToken.None);
        while (!stop.IsCancellationRequested)
        {
            using var answer = await client.GetAsync("/v0/workload-definitions?limit=1", CancellationToken.None);
            statuses.Add(answer.StatusCode);
        }

        return statuses;
    }
}
