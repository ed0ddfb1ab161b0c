using System.Collections.Concurrent;
using NATS.Client.Core;
using NATS.Net;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.IntegrationTests.Runtime;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Faults;

/// <summary>F10: every message comes twice, as another message that no broker can tell to be the same.</summary>
public sealed class DuplicateTests
{
    private const int Gadgets = 40;
    private string _folder = "";

    [SetUp]
    public void Make() => _folder = Machine.TemporaryFolder();

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task F10_Messages_that_are_all_delivered_twice_lead_to_the_same_state()
    {
        var (once, _) = await RunAsync(doubled: false);
        var (twice, copies) = await RunAsync(doubled: true);
        Assert.Multiple(() =>
        {
            Assert.That(twice, Is.EqualTo(once));
            Assert.That(copies, Is.GreaterThan(Gadgets));
        });
    }

    /// <summary>Creates, changes and deletes, with two replicas.</summary>
    /// <returns>What there is in the end, and how many messages were repeated.</returns>
    private async Task<(IReadOnlyList<string> State, int Copies)> RunAsync(bool doubled)
    {
        await using var nats = await NatsServer.StartAsync();
        var database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        var running = new ConcurrentDictionary<string, int>();
        var overlaps = new ConcurrentQueue<string>();
        await using var first = await Replica.StartAsync(database, nats, _folder, Script());
        await using var second = await Replica.StartAsync(database, nats, _folder, Script());
        await using var doubler = doubled ? await Doubler.StartAsync(nats) : null;
        for (var i = 0; i < Gadgets; i++)
        {
            await first.PutAsync($"g-{i}", new { size = i });
        }

        for (var i = 0; i < Gadgets; i += 2)
        {
            await second.PutAsync($"g-{i}", new { size = 100 + i });
        }

        for (var i = 0; i < Gadgets; i += 5)
        {
            await first.DeleteAsync($"g-{i}");
        }

        var left = Enumerable.Range(0, Gadgets).Where(static i => i % 5 != 0).Select(static i => $"g-{i}").ToList();
        foreach (var name in left)
        {
            await first.ReadyAsync(name);
        }

        for (var i = 0; i < Gadgets; i += 5)
        {
            var name = $"g-{i}";
            await Eventually.TrueAsync("it is gone", async () => await first.FindAsync(name) is null);
        }

        Assert.That(overlaps, Is.Empty, "passes of one resource at the same time");
        var state = new List<string>();
        foreach (var name in left)
        {
            var gadget = (await first.FindAsync(name))!;
            state.Add($"{name} {gadget.Spec.Size} {gadget.Status.Size} {gadget.Generation} {gadget.Ready.Reason}");
        }

        return (state, doubler?.Copies ?? 0);

        GadgetScript Script()
        {
            var script = new GadgetScript();
            for (var i = 0; i < Gadgets; i++)
            {
                script.Steps[$"g-{i}"] = StepAsync;
            }

            return script;
        }

        async Task<Result> StepAsync(Pass<Gadget> pass, CancellationToken cancellationToken)
        {
            var name = pass.Resource.Name;
            if (running.AddOrUpdate(name, 1, static (_, n) => n + 1) > 1)
            {
                overlaps.Enqueue(name);
            }

            await Task.Delay(5, cancellationToken);
            pass.Resource.Status.Size = pass.Resource.Spec.Size;
            running.AddOrUpdate(name, 0, static (_, n) => n - 1);
            return Result.Ready;
        }
    }

    /// <summary>Publishes every message that is not a copy once more, as another message.</summary>
    private sealed class Doubler : IAsyncDisposable
    {
        private const string Mark = "Doubled";
        private readonly NatsConnection _connection;
        private readonly CancellationTokenSource _stop = new();
        private Task _doubling = Task.CompletedTask;
        private int _copies;

        private Doubler(NatsServer nats) => _connection = new(NatsOpts.Default with { Url = nats.Url });

        public int Copies => _copies;

        public static async Task<Doubler> StartAsync(NatsServer nats)
        {
            var doubler = new Doubler(nats);
            var messages = await doubler._connection.SubscribeCoreAsync<byte[]>(Subjects.All);
            await doubler._connection.PingAsync();
            doubler._doubling = doubler.DoubleAsync(messages);
            return doubler;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _doubling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _connection.DisposeAsync();
            _stop.Dispose();
        }

        private async Task DoubleAsync(INatsSub<byte[]> messages)
        {
            var jetStream = _connection.CreateJetStreamContext();
            await foreach (var message in messages.Msgs.ReadAllAsync(_stop.Token))
            {
                if (message.Headers?.ContainsKey(Mark) is true)
                {
                    continue;
                }

                var headers = new NatsHeaders { [Mark] = "1" };
                foreach (var (key, value) in message.Headers ?? [])
                {
                    // Without its id: the broker is not to recognise it.
                    if (!key.StartsWith("Nats-", StringComparison.Ordinal))
                    {
                        headers[key] = value;
                    }
                }

                await jetStream.PublishAsync(message.Subject, message.Data, headers: headers);
                Interlocked.Increment(ref _copies);
            }
        }
    }
}
