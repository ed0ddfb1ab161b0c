using System.Net;
using System.Runtime.InteropServices;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Hosting;

/// <summary>A replica of the API that is told to stop, while others still send to it.</summary>
public sealed class StopDelayTests
{
    [Test]
    public async Task It_says_that_it_wants_no_more_and_answers_until_nobody_is_sent_to_it()
    {
        await using var nats = await NatsServer.StartAsync();
        var database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        await using var host = await HostProcess.StartAsync(
            ["--roles", "api", "--database", database, "--nats", nats.Url],
            environment: new Dictionary<string, string?> { ["THREEPORT_STOP_DELAY"] = "00:00:10" }
        );

        host.Process.Signal(PosixSignal.SIGTERM);

        await Eventually.TrueAsync(
            "it is not ready",
            async () =>
            {
                using var ready = await host.Client.GetAsync("/readyz");
                return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
            }
        );
        using var client = host.CreateClient(token: null);
        using var answer = await client.GetAsync("/healthz");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), "over a new connection, too");
        Assert.That(answer.Headers.ConnectionClose, Is.True, "the next request goes elsewhere");
        await host.Process.WaitForExitAsync(TimeSpan.FromSeconds(30));
        Assert.That(host.Process.ExitCode, Is.Zero, host.Log);
    }

    [TestCase("soon")]
    [TestCase("-00:00:01")]
    [TestCase("00:01:00", Description = "longer than a supervisor waits")]
    public async Task A_delay_that_makes_no_sense_is_said(string delay)
    {
        await using var nats = await NatsServer.StartAsync();
        var database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        await using var host = HostProcess.Create(
            ["--roles", "api", "--database", database, "--nats", nats.Url],
            environment: new Dictionary<string, string?> { ["THREEPORT_STOP_DELAY"] = delay }
        );
        host.Launch();
        await host.Process.WaitForExitAsync(TimeSpan.FromSeconds(30));
        Assert.That(host.Process.ExitCode, Is.EqualTo(2));
        Assert.That(host.Log, Does.Contain("Threeport:StopDelay").And.Contain("as in 00:00:04"));
    }
}
