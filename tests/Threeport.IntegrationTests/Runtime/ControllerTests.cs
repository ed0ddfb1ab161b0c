using System.Diagnostics;
using NATS.Client.JetStream;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Runtime;

/// <summary>The controller against real PostgreSQL and NATS.</summary>
public sealed class ControllerTests
{
    private string _folder = "";
    private string _database = "";
    private NatsServer _nats = null!;
    private Replica _replica = null!;

    private GadgetScript Script => _replica.Script;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = Machine.TemporaryFolder();
        _database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        _nats = await NatsServer.StartAsync();
        _replica = await Replica.StartAsync(_database, _nats, _folder);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _replica.DisposeAsync();
        await _nats.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_pass_that_is_done_makes_the_resource_ready_at_its_generation()
    {
        await _replica.PutAsync("done", new { size = 3 });

        var gadget = await _replica.ReadyAsync("done");

        Assert.That(gadget.Status.Size, Is.EqualTo(3));
        Assert.That(gadget.ObservedGeneration, Is.EqualTo(1));
    }

    [Test]
    public async Task A_result_that_asks_for_it_is_followed_by_another_pass()
    {
        Script.Steps["later"] = (pass, _) =>
            Task.FromResult(
                Script.Count("later") < 3
                    ? Result.Waiting("Waiting", "Not yet.", TimeSpan.FromMilliseconds(200))
                    : Result.Ready
            );
        await _replica.PutAsync("later");

        await _replica.ReadyAsync("later");

        Assert.That(Script.Count("later"), Is.EqualTo(3));
    }

    [Test]
    public async Task What_is_rejected_is_not_tried_again_until_it_changes()
    {
        Script.Steps["bad"] = (pass, _) =>
            Task.FromResult(pass.Resource.Spec.Size > 0 ? Result.Ready : Result.Rejected("TooSmall", "Size is 0."));
        await _replica.PutAsync("bad");
        var bad = await _replica.UntilAsync("bad", static g => g.ObservedGeneration == 1);
        Assert.That(bad.Ready.Reason, Is.EqualTo("TooSmall"));

        await _replica.PutAsync("bad", new { size = 1 });
        await _replica.ReadyAsync("bad");

        Assert.That(Script.Count("bad"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_failure_is_seen_counted_and_tried_again_with_growing_pauses()
    {
        var times = new List<long>();
        Script.Steps["failing"] = (_, _) =>
        {
            times.Add(Stopwatch.GetTimestamp());
            return times.Count < 3
                ? throw new InvalidOperationException("The provider said no.")
                : Task.FromResult(Result.Ready);
        };
        await _replica.PutAsync("failing");

        var failed = await _replica.UntilAsync("failing", static g => g.Ready.Reason == "ReconcileFailed");
        Assert.That(failed.Ready.Message, Is.EqualTo("The provider said no."));
        Assert.That(failed.ObservedGeneration, Is.Zero);
        await _replica.ReadyAsync("failing");

        var (first, second) = (
            Stopwatch.GetElapsedTime(times[0], times[1]),
            Stopwatch.GetElapsedTime(times[1], times[2])
        );
        Assert.That(first, Is.GreaterThan(TimeSpan.FromSeconds(0.8)));
        Assert.That(second, Is.GreaterThan(TimeSpan.FromSeconds(1.6)));
        var warning = (await _replica.EventsAsync("failing")).Single(static e => e.Reason == "ReconcileFailed");
        Assert.That(warning.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task A_deleted_resource_goes_when_its_finaliser_is_through()
    {
        var may = false;
        Script.Finalize = pass =>
            pass.Resource.Name != "leaving" || may
                ? Result.Ready
                : Result.Waiting("Deleting", "Not yet.", TimeSpan.FromMilliseconds(100));
        await _replica.PutAsync("leaving");
        await _replica.ReadyAsync("leaving");

        await _replica.DeleteAsync("leaving");
        await _replica.UntilAsync("leaving", static g => g.Ready.Reason == "Deleting");
        may = true;

        await Eventually.TrueAsync("it is gone", async () => await _replica.FindAsync("leaving") is null);
    }

    [Test]
    public async Task A_chain_of_ten_settles_within_a_second()
    {
        for (var i = 9; i >= 1; i--)
        {
            await _replica.PutAsync($"link-{i}", new { after = $"link-{i - 1}" });
        }

        await _replica.UntilAsync("link-9", static g => g.Ready.Reason == "Waiting");
        var start = Stopwatch.GetTimestamp();
        await _replica.PutAsync("link-0");

        await _replica.ReadyAsync("link-9", TimeSpan.FromSeconds(10));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task No_more_are_reconciled_at_once_than_configured()
    {
        for (var i = 0; i < 20; i++)
        {
            Script.Steps[$"many-{i}"] = static async (_, cancellationToken) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
                return Result.Ready;
            };
        }

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _replica.PutAsync($"many-{i}")));
        for (var i = 0; i < 20; i++)
        {
            await _replica.ReadyAsync($"many-{i}");
        }

        Assert.That(Script.MostRunning, Is.LessThanOrEqualTo(4));
    }

    [Test]
    public async Task A_lease_whose_holder_died_is_taken_over()
    {
        Script.Steps["orphan"] = static (_, _) => Task.FromResult(Result.Ready);
        var gadget = await _replica.PutAsync("orphan");
        await _replica.ReadyAsync("orphan");
        // A replica that takes the lease and is never heard of again.
        var passes = _replica.Get<IPasses>();
        var begun = await passes.BeginAsync<Gadget>(gadget.Id, "dead/1", CancellationToken.None);
        Assert.That(begun, Is.Not.Null);

        await _replica.PutAsync("orphan", new { size = 2 });

        var after = await _replica.UntilAsync(
            "orphan",
            static g => g.ObservedGeneration == 2,
            TimeSpan.FromSeconds(25)
        );
        Assert.That(after.IsReady);
        await Assert.ThrowsAsync<PassLostException>(() =>
            passes.CheckpointAsync(begun!.Resource, begun.Epoch, CancellationToken.None)
        );
    }

    /// <summary>F21: a message that nobody understands is not delivered again and again.</summary>
    [Test]
    public async Task F21_A_message_that_names_no_resource_is_thrown_away_once()
    {
        var jetStream = _replica.Get<INatsJSContext>();

        (await jetStream.PublishAsync("threeport.gadgets.nonsense.controller.wake", "1")).EnsureSuccess();
        await _replica.PutAsync("after-nonsense");
        await _replica.ReadyAsync("after-nonsense");

        await Eventually.TrueAsync(
            "nothing is pending",
            async () =>
            {
                var consumer = await jetStream.GetConsumerAsync(Subjects.Stream, "controller-gadgets");
                return consumer.Info is { NumAckPending: 0, NumPending: 0, NumRedelivered: 0 };
            }
        );
    }
}
