using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>A PostgreSQL with a standby loses its primary under writes.</summary>
public sealed class FailoverTests
{
    private const int Writers = 16;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private PostgresServer _primary = null!;
    private PostgresServer _standby = null!;
    private HostProcess _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _primary = await PostgresServer.StartAsync();
        var database = new NpgsqlConnectionStringBuilder(await _primary.CreateDatabaseAsync());
        _standby = await _primary.StartStandbyAsync();
        database.Host += "," + new NpgsqlConnectionStringBuilder(_standby.ConnectionString).Host;
        _host = await HostProcess.StartAsync([
            "--database",
            database.ConnectionString,
            "--nats",
            (await Servers.NatsAsync()).Url,
            "--roles",
            "api",
        ]);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
    }

    [Test]
    public async Task A_primary_that_dies_under_writes_costs_no_answered_write_and_nobody_waits_long()
    {
        var answers = new ConcurrentQueue<(string Name, HttpStatusCode Status, TimeSpan Took)>();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(w => WriteAsync(w, answers, stop.Token)).ToList();
        await Eventually.TrueAsync("some are written", () => answers.Count > 200, TimeSpan.FromSeconds(30));

        await _primary.CrashAsync();
        await _standby.PromoteAsync();
        var after = answers.Count;
        await Eventually.TrueAsync(
            "writes go on",
            () => answers.Skip(after).Count(static a => a.Status is HttpStatusCode.Created) > 200,
            LongestWait
        );
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        var created = answers.Where(static a => a.Status is HttpStatusCode.Created).Select(static a => a.Name);
        var there = await NamesAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers.Select(static a => (int)a.Status).Distinct(), Is.SubsetOf(new[] { 201, 503 }));
            Assert.That(created.Except(there), Is.Empty, "what was answered is there");
            Assert.That(answers.Max(static a => a.Took), Is.LessThan(LongestWait));
        }
    }

    private async Task WriteAsync(
        int writer,
        ConcurrentQueue<(string Name, HttpStatusCode Status, TimeSpan Took)> answers,
        CancellationToken stop
    )
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var name = $"w{writer}-{i}";
            var start = Stopwatch.GetTimestamp();
            using var answer = await _host.Client.PostAsJsonAsync(
                "/v0/workload-definitions",
                new { name, spec = new { yamlDocument = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n" } },
                CancellationToken.None
            );
            answers.Enqueue((name, answer.StatusCode, Stopwatch.GetElapsedTime(start)));
        }
    }

    private async Task<HashSet<string>> NamesAsync()
    {
        var names = new HashSet<string>();
        for (var next = ""; next is not null; )
        {
            var more = next.Length == 0 ? "" : $"&continue={Uri.EscapeDataString(next)}";
            var page = await _host.Client.GetFromJsonAsync<JsonNode>($"/v0/workload-definitions?limit=500{more}");
            names.UnionWith(page!["items"]!.AsArray().Select(static i => (string)i!["name"]!));
            next = (string?)page["continue"];
        }

        return names;
    }
}
