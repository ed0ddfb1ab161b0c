using System.Collections.Concurrent;
using System.Globalization;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Net;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Server;

/// <summary>What a controller would hear from the broker.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private readonly NatsConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(string Subject, long Generation, TimeSpan At)> _heard = [];
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private Task _listening = Task.CompletedTask;

    private Broker(NatsServer server) =>
        _connection = new(NatsOpts.Default with { Url = server.Url, CommandTimeout = TimeSpan.FromSeconds(2) });

    public static async Task<Broker> ConnectAsync(NatsServer server)
    {
        var broker = new Broker(server);
        var subscription = await broker._connection.SubscribeCoreAsync<string>(Subjects.WorkOf(Sample.Plural));
        await broker._connection.PingAsync();
        broker._listening = broker.ListenAsync(subscription);
        return broker;
    }

    public INatsJSContext JetStream => _connection.CreateJetStreamContext();

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_start);

    /// <summary>The generations that were told of a sample since this listens, and when.</summary>
    public IReadOnlyList<(long Generation, TimeSpan At)> Heard(Guid id) =>
        [.. _heard.Where(m => Subjects.Parse(m.Subject)?.Id == id).Select(static m => (m.Generation, m.At))];

    public Task HeardAsync(Guid id, int times, TimeSpan? within = null) =>
        Eventually.TrueAsync($"{times} notifications", () => Heard(id).Count >= times, within);

    /// <summary>What the stream keeps of a sample; null when it keeps nothing.</summary>
    public async Task<long?> KeptAsync(Guid id)
    {
        // A broker that comes up may never answer what it was asked too early.
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        try
        {
            var stream = await JetStream.GetStreamAsync(Subjects.Stream, cancellationToken: limit.Token);
            var request = new StreamMsgGetRequest { LastBySubj = $"threeport.{Sample.Plural}.{id:D}.controller.*" };
            var message = await stream.GetAsync(request, limit.Token);
            return long.Parse(
                System.Text.Encoding.ASCII.GetString(message.Message.Data.Span),
                CultureInfo.InvariantCulture
            );
        }
        catch (NatsJSApiException e) when (e.Error.Code == 404)
        {
            return null;
        }
    }

    /// <summary>How many messages of a sample's changes the stream keeps.</summary>
    public async Task<long> ChangesAsync(Guid id)
    {
        var request = new StreamInfoRequest { SubjectsFilter = Subjects.Changed(Sample.Plural, id) };
        var stream = await JetStream.GetStreamAsync(Subjects.Stream, request);
        return stream.Info.State.Subjects?.Values.Sum() ?? 0;
    }

    /// <summary>One question for all of them: to ask for each would take longer than what is measured.</summary>
    public Task KeepsAsync(IEnumerable<Guid> ids, TimeSpan within)
    {
        var wanted = ids.ToHashSet();
        return Eventually.TrueAsync(
            "every one is in the stream",
            async () =>
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
                var request = new StreamInfoRequest { SubjectsFilter = Subjects.WorkOf(Sample.Plural) };
                var stream = await JetStream.GetStreamAsync(Subjects.Stream, request, limit.Token);
                var kept = stream.Info.State.Subjects?.Keys.Select(static s => Subjects.Parse(s)?.Id).ToHashSet() ?? [];
                return wanted.All(id => kept.Contains(id));
            },
            within
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ListenAsync(INatsSub<string> subscription)
    {
        try
        {
            await foreach (var message in subscription.Msgs.ReadAllAsync(_stop.Token))
            {
                _heard.Enqueue((message.Subject, long.Parse(message.Data!, CultureInfo.InvariantCulture), Now));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }
}
