using System.Globalization;
using NATS.Client.Core;
using Threeport.Runtime;
using Threeport.Server.Outbox;

namespace Threeport.Tests.Simulation;

/// <summary>
/// JetStream as far as it is used: the last message of each subject, ids that are known for a while, consumers that all
/// replicas share and that deliver at least once.
/// </summary>
internal sealed class SimBroker(Scheduler scheduler)
{
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, Stored> _stream = [];
    private readonly Dictionary<Guid, TimeSpan> _ids = [];
    private readonly Dictionary<string, Dictionary<string, Delivery>> _consumers = [];
    private readonly Dictionary<string, string> _filters = [];
    private readonly List<Subscription> _subscriptions = [];
    private readonly List<Action> _onUp = [];
    private long _sequence;
    private DateTimeOffset? _made;

    public bool IsUp { get; private set; } = true;

    /// <summary>The ids of all messages that it ever took.</summary>
    public HashSet<Guid> Taken { get; } = [];

    /// <summary>How often a message is delivered once more.</summary>
    public double Repeats { get; set; }

    /// <summary>
    /// How often a notification from the outbox to a controller is lost after it was confirmed. What a watch wakes is not in
    /// the database, so a broker that loses that, and only that, is not made up for.
    /// </summary>
    public double Drops { get; set; }

    /// <summary>How often a delivery takes seconds, so that others overtake it.</summary>
    public double Dawdles { get; set; }

    public void WhenUp(Action action) => _onUp.Add(action);

    public void Down(bool losesDisk)
    {
        scheduler.Trace("broker", losesDisk ? "goes down and loses its disk" : "goes down");
        IsUp = false;
        if (losesDisk)
        {
            _made = null;
            _stream.Clear();
            _ids.Clear();
            _consumers.Clear();
        }
    }

    public void Up()
    {
        scheduler.Trace("broker", "comes up");
        IsUp = true;
        foreach (var action in _onUp)
        {
            scheduler.After(scheduler.Between(TimeSpan.Zero, Slowest), action);
        }

        foreach (var subscription in _subscriptions)
        {
            // A consumer is asked for again once its heartbeats fail to come.
            scheduler.After(scheduler.Between(TimeSpan.Zero, Slowest), () => Ensure(subscription));
        }
    }

    public DateTimeOffset EnsureStream() => _made ??= SimProcess.At(scheduler.Now);

    /// <returns>False when there is no stream to put it in.</returns>
    public bool Publish(string subject, NatsHeaders headers, Guid? id)
    {
        if (_made is null)
        {
            return false;
        }

        if (id is { } known)
        {
            if (_ids.TryGetValue(known, out var at) && scheduler.Now - at < DuplicateWindow)
            {
                return true;
            }

            _ids[known] = scheduler.Now;
            Taken.Add(known);
        }

        var message = _stream[subject] = new(++_sequence, new(subject, headers, SimProcess.At(scheduler.Now)));
        foreach (var (consumer, deliveries) in _consumers)
        {
            if (Matches(_filters[consumer], subject))
            {
                if (id is not null && IsForControllers(consumer) && scheduler.Chance(Drops))
                {
                    scheduler.Trace("broker", "loses", "a message");
                    deliveries.Remove(subject);
                    continue;
                }

                deliveries[subject] = new(message.Sequence);
                scheduler.After(TimeSpan.Zero, () => Deliver(consumer));
            }
        }

        return true;
    }

    public void Subscribe(Subscription subscription)
    {
        _subscriptions.Add(subscription);
        subscription.Process.Died += () => _subscriptions.Remove(subscription);
        Ensure(subscription);
    }

    private static bool IsForControllers(string consumer) =>
        consumer.StartsWith("controller", StringComparison.Ordinal);

    private static bool Matches(string filter, string subject)
    {
        var (wanted, parts) = (filter.Split('.'), subject.Split('.'));
        return wanted.Length == parts.Length
            && wanted.Zip(parts).All(static p => p.First == "*" || p.First == p.Second);
    }

    private void Ensure(Subscription subscription)
    {
        if (!IsUp || !subscription.Process.IsAlive)
        {
            return;
        }

        EnsureStream();
        _filters[subscription.Consumer] = subscription.Filter;
        if (!_consumers.ContainsKey(subscription.Consumer))
        {
            _consumers[subscription.Consumer] = _stream
                .Where(s => Matches(subscription.Filter, s.Key))
                .ToDictionary(static s => s.Key, static s => new Delivery(s.Value.Sequence));
        }

        Deliver(subscription.Consumer);
    }

    private void Deliver(string consumer)
    {
        if (!IsUp || !_consumers.TryGetValue(consumer, out var deliveries))
        {
            return;
        }

        foreach (var (subject, delivery) in deliveries.ToList())
        {
            var free = _subscriptions.Where(s => s.Consumer == consumer && s.Free > 0 && s.Process.IsAlive).ToList();
            if (free.Count == 0)
            {
                return;
            }

            if (!delivery.IsOut)
            {
                delivery.IsOut = true;
                Send(scheduler.Pick(free), subject, delivery);
                if (scheduler.Chance(Repeats))
                {
                    Send(scheduler.Pick(free), subject, delivery);
                }
            }
        }
    }

    private void Send(Subscription to, string subject, Delivery delivery)
    {
        var message = _stream[subject].Message;
        to.Free--;
        scheduler.After(DeliveredMessage.AckWait, () => CheckProgress(to, subject, delivery));
        scheduler.After(
            scheduler.Between(TimeSpan.Zero, scheduler.Chance(Dawdles) ? Slowest : TimeSpan.FromMilliseconds(2)),
            () => to.Process.Run(() => _ = HandleAsync(to, message, subject, delivery))
        );
    }

    private async Task HandleAsync(Subscription to, Message message, string subject, Delivery delivery)
    {
        var handled = await to.Handle(message, CancellationToken.None);
        to.Free++;
        if (IsUp && _consumers.TryGetValue(to.Consumer, out var deliveries))
        {
            var isLast = deliveries.TryGetValue(subject, out var last) && last == delivery;
            if (handled is not Handled.Later && isLast)
            {
                deliveries.Remove(subject);
            }
            else if (isLast)
            {
                scheduler.After(DeliveredMessage.AgainAfter(1), () => CheckProgress(to, subject, delivery));
            }

            scheduler.After(TimeSpan.Zero, () => Deliver(to.Consumer));
        }

        delivery.IsHandled = true;
    }

    /// <summary>A message whose handler gives no sign of life is delivered again.</summary>
    private void CheckProgress(Subscription to, string subject, Delivery delivery)
    {
        if (
            !_consumers.TryGetValue(to.Consumer, out var deliveries)
            || !deliveries.TryGetValue(subject, out var last)
            || last != delivery
        )
        {
            return;
        }

        if (!delivery.IsHandled && to.Process is { IsAlive: true, IsStopped: false })
        {
            scheduler.After(DeliveredMessage.AckWait, () => CheckProgress(to, subject, delivery));
            return;
        }

        deliveries[subject] = new(delivery.Sequence);
        Deliver(to.Consumer);
    }

    /// <summary>A replica that takes messages of a consumer.</summary>
    internal sealed class Subscription(
        SimProcess process,
        string consumer,
        string filter,
        int workers,
        MessageHandler handle
    )
    {
        public SimProcess Process => process;

        public string Consumer => consumer;

        public string Filter => filter;

        public MessageHandler Handle => handle;

        public int Free { get; set; } = workers;
    }

    private sealed record Stored(long Sequence, Message Message);

    private sealed class Delivery(long sequence)
    {
        public long Sequence => sequence;

        public bool IsOut { get; set; }

        public bool IsHandled { get; set; }
    }
}

/// <summary>The broker as one process sees it.</summary>
internal sealed class BrokerClient : IBroker, IWakeups, IMessageConsumer
{
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(4);
    private readonly SimProcess _process;
    private readonly Network _network;
    private readonly SimBroker _broker;
    private readonly SimDatabase _database;
    private readonly Invariants _invariants;

    public BrokerClient(SimProcess process, World world)
    {
        (_process, _network, _broker) = (process, world.Network, world.Broker);
        (_database, _invariants) = (world.Database, world.Invariants);
        world.Broker.WhenUp(() => process.Run(() => Connected?.Invoke()));
    }

    public event Action? Connected;

    public bool IsConnected => _broker.IsUp;

    public Task<DateTimeOffset> EnsureStreamAsync(CancellationToken cancellationToken) =>
        AskAsync("ensures the stream", _broker.EnsureStream, cancellationToken);

    public async Task<(IReadOnlyList<Guid> Confirmed, Exception? Failure)> PublishAsync(
        IReadOnlyList<OutboxRow> rows,
        CancellationToken cancellationToken
    )
    {
        var failures = await Task.WhenAll(rows.Select(row => TryPublishAsync(row, cancellationToken)));
        return (
            [.. rows.Zip(failures).Where(static r => r.Second is null).Select(static r => r.First.Id)],
            failures.FirstOrDefault(static f => f is not null)
        );
    }

    public Task WakeAsync(string plural, Guid id, CancellationToken cancellationToken) =>
        AskAsync("wakes", () => Require(_broker.Publish(Subjects.Wake(plural, id), [], null)), cancellationToken);

    public Task RunAsync(string name, string filter, int workers, MessageHandler handle, CancellationToken stopping)
    {
        _broker.Subscribe(new(_process, name, filter, workers, handle));
        return new TaskCompletionSource().Task;
    }

    private static bool Require(bool stored) => stored ? true : throw new NatsException("There is no stream.");

    private async Task<Exception?> TryPublishAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        try
        {
            await PublishAsync(row, cancellationToken);
            return null;
        }
        catch (NatsException e)
        {
            return e;
        }
    }

    private Task<bool> PublishAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        var headers = new NatsHeaders { [Subjects.NameHeader] = row.Name };
        if (row.Change is { } change)
        {
            headers[Subjects.ChangeHeader] = change;
            headers[Subjects.RevisionHeader] = row.Revision.ToString(CultureInfo.InvariantCulture);
        }

        return AskAsync(
            $"publishes {row.Kind} {row.Name}",
            () =>
            {
                _invariants.Told(row, _database);
                return Require(_broker.Publish(Publisher.SubjectOf(row), headers, row.Id));
            },
            cancellationToken
        );
    }

    private Task<T> AskAsync<T>(string what, Func<T> ask, CancellationToken cancellationToken) =>
        _network.CallAsync(
            _process,
            "broker",
            what,
            () => _broker.IsUp ? ask() : throw Broken(),
            Broken,
            Slowest,
            cancellationToken
        );

    private static NatsException Broken() => new("The broker does not answer.");
}
