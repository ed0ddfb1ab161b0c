using NATS.Client.JetStream;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.IntegrationTests.Server;
using Threeport.Runtime;
using Threeport.Server.Resources;

namespace Threeport.IntegrationTests.Faults;

/// <summary>Whatever becomes of the broker, each resource that was written is told of.</summary>
public sealed class RelayTests
{
    /// <summary>From the moment at which the broker takes connections.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private NatsServer _nats = null!;
    private ApiLayer _layer = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _nats = await NatsServer.StartAsync();
        _layer = await ApiLayer.StartAsync(_nats);
        await using var broker = await Broker.ConnectAsync(_nats);
        await Eventually.TrueAsync(
            "the relay has made the streams",
            async () => await broker.JetStream.GetStreamAsync(Subjects.Stream) is not null
        );
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _layer.DisposeAsync();
        await _nats.DisposeAsync();
    }

    [Test]
    public async Task F03_What_is_written_while_the_broker_is_away_is_told_as_soon_as_it_is_back()
    {
        await _nats.StopAsync();
        var ids = await WriteAsync(50);
        Assert.That(await WaitingAsync(), Is.GreaterThanOrEqualTo(50));
        await _nats.RestartAsync();
        await using var broker = await Broker.ConnectAsync(_nats);
        await broker.KeepsAsync(ids, Soon);
        await NothingWaitsAsync();
    }

    [Test]
    public async Task F04_A_broker_that_is_killed_under_writes_costs_no_notification()
    {
        var writing = WriteAsync(300);
        await Eventually.TrueAsync("some are written", async () => await SamplesAsync() > 50);
        await _nats.KillAsync();
        var ids = await writing;
        await _nats.RestartAsync();
        await using var broker = await Broker.ConnectAsync(_nats);
        await broker.KeepsAsync(ids, Soon);
        await NothingWaitsAsync();
    }

    [Test]
    public async Task F05_A_broker_that_lost_its_disk_is_told_everything_again_at_once()
    {
        var ids = await WriteAsync(20);
        await NothingWaitsAsync();
        await _nats.KillAsync();
        _nats.Wipe();
        await _nats.RestartAsync();
        await using var broker = await Broker.ConnectAsync(_nats);
        await broker.KeepsAsync(ids, Soon);
        await broker.JetStream.GetStreamAsync(Subjects.Stream);
    }

    [Test]
    public async Task F05_A_broker_that_lost_its_disk_while_nobody_was_there_is_told_everything_at_start()
    {
        var ids = await WriteAsync(5);
        await _layer.ExecuteAsync("update threeport.reconcile_state set observed_generation = generation");
        await NothingWaitsAsync();
        var connection = _layer.Connection;
        await _layer.DisposeAsync();
        await _nats.KillAsync();
        _nats.Wipe();
        await _nats.RestartAsync();
        _layer = await ApiLayer.StartAsync(_nats, connection);
        await using var broker = await Broker.ConnectAsync(_nats);
        await broker.KeepsAsync(ids, Soon);
    }

    [Test]
    public async Task F05_A_stream_that_somebody_deleted_is_made_again_and_told_everything()
    {
        var ids = await WriteAsync(3);
        await NothingWaitsAsync();
        await using var broker = await Broker.ConnectAsync(_nats);
        await broker.JetStream.DeleteStreamAsync(Subjects.Stream);
        var after = await WriteAsync(1, "after");
        await broker.KeepsAsync([.. ids, .. after], TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task A_process_that_starts_before_its_broker_takes_writes_and_tells_of_them_later()
    {
        await using var late = await NatsServer.StartAsync();
        await late.StopAsync();
        await using var layer = await ApiLayer.StartAsync(late);
        var id = (await layer.SampleAsync("early")).Resource.Id;
        await late.RestartAsync();
        await using var broker = await Broker.ConnectAsync(late);
        await broker.KeepsAsync([id], Soon);
    }

    [Test]
    public async Task F02_Rows_that_another_process_left_behind_are_told()
    {
        var id = Guid.CreateVersion7();
        await using var broker = await Broker.ConnectAsync(_nats);
        await InsertRowAsync(Guid.CreateVersion7(), id);
        await broker.HeardAsync(id, 1, Soon);
        await NothingWaitsAsync();
    }

    [Test]
    public async Task F02_A_row_that_was_told_before_its_process_died_is_removed_and_not_told_twice()
    {
        var (row, id) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var broker = await Broker.ConnectAsync(_nats);
        var subject = Subjects.Wake(Sample.Plural, id);
        (await broker.JetStream.PublishAsync(subject, "1", opts: new() { MsgId = row.ToString("N") })).EnsureSuccess();
        var before = (await broker.JetStream.GetStreamAsync(Subjects.Stream)).Info.State.LastSeq;
        await InsertRowAsync(row, id);
        await NothingWaitsAsync();
        var after = (await broker.JetStream.GetStreamAsync(Subjects.Stream)).Info.State.LastSeq;
        Assert.That(after, Is.EqualTo(before));
    }

    [Test]
    public async Task Ten_changes_of_a_resource_that_nobody_has_looked_at_are_one_notification()
    {
        var id = (await WriteAsync(1))[0];
        for (var size = 2; size <= 10; size++)
        {
            await _layer.WriteAsync(WriteVerb.Put, "samples", "relay-0", new { size });
        }

        await NothingWaitsAsync();
        await using var broker = await Broker.ConnectAsync(_nats);
        Assert.That((await broker.ChangesAsync(id), await broker.KeptAsync(id)), Is.EqualTo((1, 10L)));
    }

    private async Task<Guid[]> WriteAsync(int count, string name = "relay") =>
        await Task.WhenAll(
            Enumerable.Range(0, count).Select(async i => (await _layer.SampleAsync($"{name}-{i}")).Resource.Id)
        );

    private Task InsertRowAsync(Guid row, Guid id) =>
        _layer.ExecuteAsync(
            "insert into threeport.outbox (id, kind, resource_id, name, generation, revision, work, created_at) "
                + $"values ('{row}', 'samples', '{id}', 'left', 1, 1, true, clock_timestamp() - interval '5 s')"
        );

    private Task<long> SamplesAsync() => _layer.ScalarAsync<long>("select count(*) from threeport.mt_doc_samples");

    private Task<long> WaitingAsync() => _layer.ScalarAsync<long>("select count(*) from threeport.outbox");

    private Task NothingWaitsAsync() =>
        Eventually.TrueAsync("the outbox is empty", async () => await WaitingAsync() == 0);
}
