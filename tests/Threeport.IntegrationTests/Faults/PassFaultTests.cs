using System.Collections.Concurrent;
using NATS.Client.JetStream;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.IntegrationTests.Runtime;
using Threeport.Runtime;
using Threeport.Server.Outbox;

namespace Threeport.IntegrationTests.Faults;

/// <summary>What befalls a pass and its message, with real PostgreSQL and NATS.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class PassFaultTests
{
    private string _folder = "";
    private NatsServer _nats = null!;
    private Replica _replica = null!;

    private GadgetScript Script => _replica.Script;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = Machine.TemporaryFolder();
        var database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        _nats = await NatsServer.StartAsync();
        _replica = await Replica.StartAsync(database, _nats, _folder);
        // What a new stream is told, everything once, is not to be taken for what the tests look for.
        await _replica.PutAsync("first");
        await Eventually.TrueAsync(
            "the relay has begun",
            async () => (await _replica.Get<IOutboxTable>().BacklogAsync(CancellationToken.None)).Rows == 0
        );
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _replica.DisposeAsync();
        await _nats.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>F15: what changes while it is reconciled is never Ready at the generation before, and is reconciled again.</summary>
    [Test]
    public async Task F15_A_change_during_a_pass_is_never_hidden_by_it()
    {
        var release = new TaskCompletionSource();
        Script.Steps["changed"] = async (pass, cancellationToken) =>
        {
            var seen = pass.Resource.Spec.Size;
            await release.Task.WaitAsync(cancellationToken);
            pass.Resource.Status.Size = seen;
            return Result.Ready;
        };
        await _replica.PutAsync("changed", new { size = 1 });
        await Eventually.TrueAsync("the pass runs", () => Script.Count("changed") == 1);
        await _replica.PutAsync("changed", new { size = 2 });
        release.SetResult();

        var hidden = new ConcurrentQueue<string>();
        var gadget = await _replica.UntilAsync(
            "changed",
            g =>
            {
                if (g.IsReady && g.Status.Size != 2)
                {
                    hidden.Enqueue($"{g.Ready} at {g.ObservedGeneration} of {g.Generation}");
                }

                return g.IsReady && g.Status.Size == 2;
            }
        );
        Assert.That(hidden, Is.Empty);
        Assert.That(gadget.ObservedGeneration, Is.EqualTo(2));
    }

    /// <summary>F19: a pass that takes longer than the broker waits for a sign of life is delivered once, and others go on beside it.</summary>
    [Test]
    public async Task F19_A_pass_that_takes_longer_than_the_broker_waits_is_run_once()
    {
        Script.Steps["slow"] = async (_, cancellationToken) =>
        {
            await Task.Delay(DeliveredMessage.AckWait + TimeSpan.FromSeconds(5), cancellationToken);
            return Result.Ready;
        };
        await _replica.PutAsync("slow");
        await Eventually.TrueAsync("the pass runs", () => Script.Count("slow") == 1);
        await _replica.PutAsync("beside-slow");
        await _replica.ReadyAsync("beside-slow");

        await _replica.ReadyAsync("slow", DeliveredMessage.AckWait + TimeSpan.FromSeconds(15));

        Assert.That(Script.Count("slow"), Is.EqualTo(1));
        var consumer = await _replica
            .Get<INatsJSContext>()
            .GetConsumerAsync(Subjects.Stream, $"controller-{Gadget.Plural}");
        Assert.That(consumer.Info.NumRedelivered, Is.Zero);
    }

    /// <summary>It does not lie with whoever failed until the broker has waited for a sign of life.</summary>
    [Test]
    public async Task A_message_that_could_not_be_handled_comes_again_soon()
    {
        var deliveries = new ConcurrentQueue<Message>();
        using var stop = new CancellationTokenSource();
        var consuming = _replica
            .Get<IMessageConsumer>()
            .RunAsync("clumsy", Subjects.ChangesOf(Gadget.Plural), workers: 1, HandleAsync, stop.Token);
        await _replica.PutAsync("dropped");
        await Eventually.TrueAsync("it comes again", IsDeliveredTwice, DeliveredMessage.AckWait / 2);
        await stop.CancelAsync();
        await consuming;

        Task<Handled> HandleAsync(Message message, CancellationToken abort)
        {
            deliveries.Enqueue(message);
            return IsDeliveredTwice() ? Task.FromResult(Handled.Done) : throw new IOException("It fell.");
        }

        bool IsDeliveredTwice() =>
            deliveries.GroupBy(static m => (m.Subject, m.Published)).Any(static d => d.Count() == 2);
    }

    /// <summary>F22: there is no number of failures after which a resource is forgotten.</summary>
    [Test]
    public async Task F22_However_often_a_pass_fails_it_is_tried_again()
    {
        const int failures = 3;
        Script.Steps["stubborn"] = (_, _) =>
            Script.Count("stubborn") <= failures
                ? throw new InvalidOperationException("Not yet.")
                : Task.FromResult(Result.Ready);
        await _replica.PutAsync("stubborn");
        await _replica.ReadyAsync("stubborn", TimeSpan.FromSeconds(60));
        Assert.That(Script.Count("stubborn"), Is.EqualTo(failures + 1));
        var consumer = await _replica
            .Get<INatsJSContext>()
            .GetConsumerAsync(Subjects.Stream, $"controller-{Gadget.Plural}");
        Assert.That(consumer.Info.Config.MaxDeliver, Is.EqualTo(-1), "nor one after which a message is");
    }
}
