using System.Diagnostics;
using System.Net;
using Npgsql;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>
/// F8: all connections to the database are taken by requests that it keeps waiting. Further ones are refused with 503 within 2 s,
/// the process says that it lives, and all goes on by itself.
/// </summary>
public sealed class PoolTests
{
    private const int Connections = 20;

    /// <summary>Two seconds to wait for a connection, and as many for a machine that has more to do.</summary>
    private static readonly TimeSpan FailsFast = TimeSpan.FromSeconds(4);

    private static readonly Uri Kept = new("/v0/kubernetes-runtime-definitions", UriKind.Relative);
    private static readonly Uri Other = new("/v0/workload-definitions", UriKind.Relative);
    private string _database = "";
    private HostProcess _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        _host = await HostProcess.StartAsync([
            "--database",
            _database,
            "--nats",
            (await Servers.NatsAsync()).Url,
            "--roles",
            "api",
        ]);
        Assert.That((await GetAsync(Other)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task F08_When_all_connections_are_taken_requests_are_refused_soon_and_the_process_lives()
    {
        await using var source = NpgsqlDataSource.Create(_database);
        Task<(HttpStatusCode Status, TimeSpan Took)>[] kept;
        await using (var locking = await source.OpenConnectionAsync())
        {
            await using var transaction = await locking.BeginTransactionAsync();
            await using var take = new NpgsqlCommand(
                "lock table threeport.mt_doc_kubernetes_runtime_definitions in access exclusive mode",
                locking,
                transaction
            );
            await take.ExecuteNonQueryAsync();
            kept = [.. Enumerable.Range(0, 2 * Connections).Select(_ => GetAsync(Kept))];
            await using var waiting = source.CreateCommand(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
            );
            await Eventually.TrueAsync(
                "as many wait as there are connections",
                async () => await waiting.ExecuteScalarAsync() is >= (long)Connections - 2
            );
            for (var i = 0; i < 3; i++)
            {
                var (status, took) = await GetAsync(Other);
                Assert.That((int)status, Is.AnyOf(200, 503));
                Assert.That(took, Is.LessThan(FailsFast), "refused soon");
                var alive = await GetAsync(new("/healthz", UriKind.Relative));
                Assert.That(alive.Status, Is.EqualTo(HttpStatusCode.OK));
                Assert.That(alive.Took, Is.LessThan(FailsFast));
            }
        }

        Assert.That((await Task.WhenAll(kept)).Select(static k => (int)k.Status), Has.All.AnyOf(200, 503));
        var (after, soon) = await GetAsync(Kept);
        Assert.That((after, soon < FailsFast), Is.EqualTo((HttpStatusCode.OK, true)));
    }

    private async Task<(HttpStatusCode Status, TimeSpan Took)> GetAsync(Uri path)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await _host.Client.GetAsync(path);
        return (answer.StatusCode, Stopwatch.GetElapsedTime(start));
    }
}
