using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>What clients of a host see of a PostgreSQL that restarts or is away.</summary>
public sealed class PostgresTests
{
    private const int Writers = 32;
    private PostgresServer _postgres = null!;
    private FaultProxy _between = null!;
    private FaultProxy _beforeNats = null!;
    private HostProcess _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _postgres = await PostgresServer.StartAsync();
        _between = FaultProxy.Start(_postgres.EndPoint);
        _beforeNats = FaultProxy.Start(
            new IPEndPoint(IPAddress.Loopback, new Uri((await Servers.NatsAsync()).Url).Port)
        );
        var database = new NpgsqlConnectionStringBuilder(await _postgres.CreateDatabaseAsync())
        {
            Host = "127.0.0.1",
            Port = _between.Port,
        };
        _host = await HostProcess.StartAsync([
            "--database",
            database.ConnectionString,
            "--nats",
            $"nats://127.0.0.1:{_beforeNats.Port}",
            "--roles",
            "api",
        ]);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        await _between.DisposeAsync();
        await _beforeNats.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    /// <summary>F6: no answered write is lost, others get 503 with Retry-After, writes go on within 5 s, the process stays.</summary>
    [Test]
    public async Task F06_A_restart_under_writes_loses_nothing_that_was_answered()
    {
        var answers = new ConcurrentQueue<(string Name, HttpStatusCode Status, bool RetryAfter)>();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(w => WriteAsync(w, answers, stop.Token)).ToList();
        await Eventually.TrueAsync("some are written", () => answers.Count > 200, TimeSpan.FromSeconds(30));
        await _postgres.CrashAsync();
        await Eventually.TrueAsync("some are refused", () => answers.Any(static a => (int)a.Status == 503));
        await _postgres.RestartAsync();
        var back = answers.Count;
        await Eventually.TrueAsync(
            "writes go on",
            () => answers.Skip(back).Count(static a => a.Status is HttpStatusCode.Created) > 100,
            TimeSpan.FromSeconds(5)
        );
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        var there = await NamesAsync();
        Assert.Multiple(() =>
        {
            Assert.That(answers.Select(static a => (int)a.Status).Distinct(), Is.EquivalentTo([201, 503]));
            Assert.That(answers.Where(static a => (int)a.Status == 503).All(static a => a.RetryAfter), Is.True);
            Assert.That(
                answers.Where(static a => (int)a.Status == 201).Select(static a => a.Name).Except(there),
                Is.Empty
            );
            Assert.That(there, Is.Unique);
            Assert.That(_host.Process.HasExited, Is.False);
        });
    }

    /// <summary>F7: it says within 2 s that it is not ready, goes on living, and hardly tries while there is no database.</summary>
    [Test]
    public async Task F07_While_there_is_no_database_the_host_lives_and_is_not_ready_and_does_not_spin()
    {
        await _postgres.CrashAsync();
        await Eventually.TrueAsync(
            "it is not ready",
            async () => await StatusAsync("/readyz") is HttpStatusCode.ServiceUnavailable,
            TimeSpan.FromSeconds(2)
        );
        // A broker that comes back just now is a reason to look for what waits, not to ask without end.
        _beforeNats.Cut();
        // Counted as attempts, not as time of a processor: the same on any machine.
        var (clock, before) = (Stopwatch.StartNew(), _between.Accepted);
        while (clock.Elapsed < TimeSpan.FromSeconds(10))
        {
            Assert.That(await StatusAsync("/healthz"), Is.EqualTo(HttpStatusCode.OK));
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        TestContext.Out.WriteLine($"{_between.Accepted - before} attempts in {clock.Elapsed.TotalSeconds:0} s");
        Assert.That(_between.Accepted - before, Is.InRange(1, 6 * clock.Elapsed.TotalSeconds), "attempts to connect");
        await _postgres.RestartAsync();
        await Eventually.TrueAsync(
            "it is ready again",
            async () => await StatusAsync("/readyz") is HttpStatusCode.OK,
            TimeSpan.FromSeconds(5)
        );
    }

    private async Task WriteAsync(
        int writer,
        ConcurrentQueue<(string Name, HttpStatusCode Status, bool RetryAfter)> answers,
        CancellationToken stop
    )
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var name = $"w{writer}-{i}";
            using var answer = await _host.Client.PostAsJsonAsync(
                "/v0/kubernetes-runtime-definitions",
                new JsonObject
                {
                    ["name"] = name,
                    ["spec"] = new JsonObject { ["infraProvider"] = "existing" },
                },
                CancellationToken.None
            );
            answers.Enqueue((name, answer.StatusCode, answer.Headers.RetryAfter is not null));
            if (!answer.IsSuccessStatusCode)
            {
                // As a client does that is told to come again.
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await _host.Client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    private async Task<List<string>> NamesAsync()
    {
        var names = new List<string>();
        var next = "";
        do
        {
            var page = await _host.Client.GetFromJsonAsync<JsonNode>(
                $"/v0/kubernetes-runtime-definitions?limit=500{next}"
            );
            names.AddRange(page!["items"]!.AsArray().Select(static i => (string)i!["name"]!));
            next = page["continue"] is { } token ? $"&continue={Uri.EscapeDataString((string)token!)}" : null;
        } while (next is not null);

        return names;
    }
}
