using Threeport.IntegrationTests.Infrastructure;
using Threeport.IntegrationTests.Runtime;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Faults;

/// <summary>What the controller makes of brokers and replicas that go.</summary>
public sealed class ReplicaTests
{
    private string _folder = "";
    private string _database = "";

    [SetUp]
    public async Task StartAsync()
    {
        _folder = Machine.TemporaryFolder();
        _database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
    }

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task F05_A_controller_goes_on_after_the_broker_lost_its_disk()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var replica = await Replica.StartAsync(_database, nats, _folder);
        await replica.PutAsync("before");
        await replica.ReadyAsync("before");

        await nats.KillAsync();
        nats.Wipe();
        await replica.PutAsync("meanwhile");
        await nats.RestartAsync();
        await replica.PutAsync("afterwards");

        await replica.ReadyAsync("meanwhile", TimeSpan.FromSeconds(20));
        await replica.ReadyAsync("afterwards", TimeSpan.FromSeconds(20));
    }

    [Test]
    public async Task A_replica_that_stops_lets_its_pass_end_and_another_goes_on()
    {
        await using var nats = await NatsServer.StartAsync();
        var release = new TaskCompletionSource();
        var ended = false;
        var script = new GadgetScript();
        script.Steps["slow"] = async (_, cancellationToken) =>
        {
            await release.Task.WaitAsync(cancellationToken);
            ended = true;
            return Result.Ready;
        };
        await using var first = await Replica.StartAsync(_database, nats, _folder, script);
        await first.PutAsync("slow");
        await Eventually.TrueAsync("the pass runs", () => script.Count("slow") == 1);
        await using var second = await Replica.StartAsync(_database, nats, _folder);

        var stopping = first.StopAsync();
        await second.PutAsync("other");
        await second.ReadyAsync("other");
        Assert.That(second.Script.Count("slow"), Is.Zero);
        release.SetResult();
        await stopping;

        Assert.That(ended);
        Assert.That((await second.FindAsync("slow"))!.IsReady);
    }

    [Test]
    public async Task A_pass_that_does_not_end_in_time_is_handed_back_when_its_replica_stops()
    {
        await using var nats = await NatsServer.StartAsync();
        var script = new GadgetScript();
        script.Steps["endless"] = static async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return Result.Ready;
        };
        await using var first = await Replica.StartAsync(_database, nats, _folder, script);
        await first.PutAsync("endless");
        await Eventually.TrueAsync("the pass runs", () => script.Count("endless") == 1);
        await using var second = await Replica.StartAsync(_database, nats, _folder);

        await first.StopAsync();

        var gadget = await second.ReadyAsync("endless", TimeSpan.FromSeconds(5));
        Assert.That(gadget.Ready.Reason, Is.EqualTo("Ready"));
    }
}
