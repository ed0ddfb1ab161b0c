using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>A PostgreSQL with a standby loses its primary under writes and reads. It is reached through a proxy that can fall silent.</summary>
public sealed class FailoverTests
{
    private const int Writers = 16;

    private PostgresServer _primary = null!;
    private PostgresServer _standby = null!;
    private FaultProxy _beforePrimary = null!;
    private HostProcess _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _primary = await PostgresServer.StartAsync();
        var database = new NpgsqlConnectionStringBuilder(await _primary.CreateDatabaseAsync());
        _standby = await _primary.StartStandbyAsync();
        _beforePrimary = FaultProxy.Start(_primary.EndPoint);
        var standby = new NpgsqlConnectionStringBuilder(_standby.ConnectionString).Host;
        database.Host = $"127.0.0.1:{_beforePrimary.Port},{standby}";
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
        await _beforePrimary.DisposeAsync();
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
    }

    [Test]
    public async Task A_primary_that_dies_under_load_costs_no_answered_write_and_nobody_waits_long()
    {
        await using var load = Load();
        await load.IsWrittenAsync(200);
        await _primary.CrashAsync();
        await _standby.PromoteAsync();
        await load.IsWrittenAsync(200);
        await WasGoodAsync(load);
    }

    /// <summary>
    /// One that falls silent keeps nobody once another is promoted, neither those that asked it before nor new ones, for as long as it is
    /// silent. When it can be reached again, and still holds itself for the primary, it is not asked.
    /// </summary>
    [Test]
    public async Task A_primary_that_falls_silent_under_load_keeps_nobody_once_another_is_promoted()
    {
        await using var load = Load();
        await load.IsWrittenAsync(200);
        _beforePrimary.IsSilent = true;
        _beforePrimary.Silence();
        await _standby.PromoteAsync();
        await load.IsWrittenAsync(200);
        _beforePrimary.IsSilent = false;
        var since = TimeProvider.System.GetUtcNow();
        await Eventually.TrueAsync("it is looked at again", () => IsLookedAtAsync(since));
        var before = load.Answers.Count;
        await load.IsWrittenAsync(200);
        Assert.That(
            load.Answers.Skip(before).Select(static a => a.Status),
            Has.All.EqualTo(HttpStatusCode.Created).Or.EqualTo(HttpStatusCode.OK)
        );
        await WasGoodAsync(load);
    }

    private SteadyLoad Load() => new(_host.Client, Writers);

    /// <summary>Connections from before are still there, and idle: only a question since then came through.</summary>
    private async Task<bool> IsLookedAtAsync(DateTimeOffset since)
    {
        await using var primary = NpgsqlDataSource.Create(_primary.ConnectionString);
        await using var looks = primary.CreateCommand(
            "select exists (select from pg_stat_activity where query like '%pg_walfile_name%' and pid <> pg_backend_pid() and state = 'idle' and query_start > $1)"
        );
        looks.Parameters.Add(new() { Value = since });
        return await looks.ExecuteScalarAsync() is true;
    }

    private async Task WasGoodAsync(SteadyLoad load)
    {
        await load.StopAsync();
        var there = await NamesAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                load.Answers.Select(static a => (int)a.Status).Distinct(),
                Is.SubsetOf(new[] { 200, 201, 503 })
            );
            Assert.That(load.Created.Except(there), Is.Empty, "what was answered is there");
            Assert.That(load.Answers.Max(static a => a.Took), Is.LessThan(SteadyLoad.LongestWait));
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
