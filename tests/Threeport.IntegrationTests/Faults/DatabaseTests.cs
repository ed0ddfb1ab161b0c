using System.Collections.Concurrent;
using System.Diagnostics;
using Threeport.Api;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.IntegrationTests.Server;

namespace Threeport.IntegrationTests.Faults;

/// <summary>Whatever becomes of PostgreSQL: an answered write is there, and one that could not be made is a 503.</summary>
public sealed class DatabaseTests
{
    private PostgresServer _postgres = null!;
    private ApiLayer _layer = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _postgres = await PostgresServer.StartAsync();
        _layer = await ApiLayer.StartAsync(connection: await _postgres.CreateDatabaseAsync());
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _layer.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Test]
    public async Task F06_Answered_writes_survive_a_crash_and_the_others_are_told_to_come_again()
    {
        var (answered, refused) = (new ConcurrentBag<string>(), new ConcurrentBag<int>());
        using var stop = new CancellationTokenSource();
        var writers = Enumerable
            .Range(0, 20)
            .Select(w => Task.Run(() => KeepWritingAsync(w, answered, refused, stop.Token)))
            .ToList();
        await Eventually.TrueAsync("some are written", () => answered.Count > 100, TimeSpan.FromSeconds(30));
        await _postgres.CrashAsync();
        await Eventually.TrueAsync("some are refused", () => refused.Count > 20);
        await _postgres.RestartAsync();
        var before = answered.Count;
        await Eventually.TrueAsync("writes go on", () => answered.Count > before + 100, TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        Assert.That(refused.Distinct(), Is.EqualTo([503]));
        var names = (
            await _layer.ScalarAsync<string>(
                "select string_agg(data ->> 'name', ' ') from threeport.mt_doc_plain_samples"
            )
        )
            .Split(' ')
            .ToHashSet();
        Assert.That(answered.Where(n => !names.Contains(n)), Is.Empty);
    }

    [Test]
    public async Task F07_While_it_is_away_reads_and_writes_are_refused_quickly_and_then_go_on()
    {
        await _layer.SampleAsync("there");
        await _postgres.CrashAsync();
        var start = Stopwatch.GetTimestamp();
        var statuses = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(i => StatusAsync(i % 2 == 0 ? () => ReadAsync("there") : () => _layer.SampleAsync($"not-{i}")))
        );
        Assert.That(statuses.Distinct(), Is.EqualTo([503]));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(5)));

        await _postgres.RestartAsync();
        await Eventually.TrueAsync("reads go on", async () => await ReadAsync("there") is not null);
        await Eventually.TrueAsync(
            "writes go on",
            async () => await StatusAsync(() => _layer.SampleAsync("back")) == 200
        );
    }

    private async Task KeepWritingAsync(
        int writer,
        ConcurrentBag<string> answered,
        ConcurrentBag<int> refused,
        CancellationToken stop
    )
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var name = $"w{writer}-{i}";
            var status = await StatusAsync(() =>
                _layer.WriteAsync(Threeport.Server.Resources.WriteVerb.Create, "plain-samples", name, new { })
            );
            if (status == 200)
            {
                answered.Add(name);
            }
            else
            {
                refused.Add(status);
                // As a client does that is told to come again.
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private Task<Resource?> ReadAsync(string name) =>
        _layer.Api.FindAsync(ApiLayer.Admin, _layer.Kind("samples"), name, default);

    /// <returns>200, or the status of the problem. Anything else that is thrown fails the test: it would be a 500.</returns>
    private static async Task<int> StatusAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return 200;
        }
        catch (ProblemException e)
        {
            return e.Problem.Status;
        }
    }
}
