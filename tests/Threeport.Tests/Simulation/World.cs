using Threeport.Api;

namespace Threeport.Tests.Simulation;

/// <summary>What a run is made of, and what breaks in it.</summary>
internal sealed class World
{
    /// <summary>Nothing breaks any more after this.</summary>
    public static readonly TimeSpan CalmAt = TimeSpan.FromSeconds(20);

    /// <summary>Within this, all must be well again: the longest wait on the way is a resync, then a backoff.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(2);
    private readonly List<Action> _onCalm = [];

    public World(int seed, bool keepsTrace = false)
    {
        Scheduler = new(seed, keepsTrace);
        Network = new(Scheduler);
        Invariants = new(Scheduler);
        Database = new(Scheduler, Kinds.Stores, Kinds.Json, Invariants);
        Broker = new(Scheduler);
        Cloud = new(Scheduler, Database, Invariants);
        Invariants.Cloud = Cloud;
        Faults = Faults.ByChance(Scheduler);
        // Two hosts that are both, or two API replicas and two of controllers.
        var whole = Scheduler.Chance(0.5);
        Hosts = whole
            ? [new(this, "host-1", api: true, controllers: true), new(this, "host-2", api: true, controllers: true)]
            :
            [
                new(this, "api-1", api: true, controllers: false),
                new(this, "api-2", api: true, controllers: false),
                new(this, "controllers-1", api: false, controllers: true),
                new(this, "controllers-2", api: false, controllers: true),
            ];
        Clients = new(this);
    }

    public Scheduler Scheduler { get; }

    public Network Network { get; }

    public Invariants Invariants { get; }

    public SimDatabase Database { get; }

    public SimBroker Broker { get; }

    public SimCloud Cloud { get; }

    public Faults Faults { get; }

    public IReadOnlyList<SimHost> Hosts { get; }

    public Clients Clients { get; }

    /// <summary>How long a reconciler dwells before it acts: mostly not at all, now and then longer than a lease lasts.</summary>
    public TimeSpan Dwelling() =>
        Scheduler.Now < CalmAt && Scheduler.Chance(Faults.Dwells)
            ? Scheduler.Between(TimeSpan.Zero, TimeSpan.FromSeconds(25))
            : TimeSpan.Zero;

    public void WhenCalm(Action action) => _onCalm.Add(action);

    /// <returns>What went wrong; null when nothing did.</returns>
    public string? Run()
    {
        foreach (var host in Hosts)
        {
            host.Start();
        }

        Clients.Start();
        Faults.Start(this);
        Scheduler.After(CalmAt, Calm);
        var settled = false;
        var since = TimeSpan.MaxValue;
        Scheduler.After(CalmAt + Steady, Look);
        Scheduler.RunUntil(() => settled || Wrong() is not null, CalmAt + Patience);
        return Wrong() ?? (settled ? Clients.Wrong() : $"It does not settle: {Unsettled()}");

        void Look()
        {
            since =
                Unsettled() is not null ? TimeSpan.MaxValue
                : since < Scheduler.Now ? since
                : Scheduler.Now;
            settled = Scheduler.Now - since >= Steady;
            Scheduler.After(Steady / 4, Look);
        }
    }

    /// <summary>Asks one of the API replicas, as a load balancer picks it.</summary>
    public Task<T> CallApiAsync<T>(
        SimProcess caller,
        string what,
        Func<SimHost, Task<T>> request,
        CancellationToken cancellationToken
    )
    {
        var host = Scheduler.Pick([.. Hosts.Where(static h => h.IsApi)]);
        return Network.CallAsync<T>(
            caller,
            host.Name,
            what,
            reply => host.Serve(reply, request),
            static () => new ProblemException(Problems.Unavailable("The API does not answer.")),
            TimeSpan.FromSeconds(5),
            cancellationToken
        );
    }

    private void Calm()
    {
        Scheduler.Trace("world", "is calm");
        Network.Faults = NetworkFaults.None;
        (Broker.Repeats, Broker.Dawdles, Broker.Drops) = (0, 0, 0);
        _onCalm.ForEach(static a => a());
    }

    private string? Wrong() =>
        Invariants.Violation
        ?? Hosts.Select(static h => h.Process.Failure?.ToString()).FirstOrDefault(static f => f is not null);

    /// <returns>What is not as it was asked for; null when everything is, and nothing is under way.</returns>
    private string? Unsettled()
    {
        if (!Clients.AreDone)
        {
            return "a client waits.";
        }

        if (Database.Outbox.Count > 0)
        {
            return $"{Database.Outbox.Count} rows are in the outbox.";
        }

        foreach (var state in Database.States.Values)
        {
            if (state.Owner is not null)
            {
                return $"{state.Name} is being reconciled.";
            }
        }

        var resources = Database.Documents.Values.Select(Database.Read).ToList();
        var parts = resources.OfType<Part>().ToDictionary(static p => p.Name, static p => p.Spec.Value);
        var machines = resources.OfType<Machine>().ToList();
        foreach (var machine in machines)
        {
            var wanted = new CloudSpec(
                machine.Spec.Value,
                machine.Spec.Part is { } part ? parts.GetValueOrDefault(part) : 0
            );
            if (!machine.IsReady || Cloud.Find(machine.Id) is not { IsBusy: false } found || found.Spec != wanted)
            {
                return $"{machine.Name} is {machine.Ready.Reason} of generation {machine.ObservedGeneration}/{machine.Generation}, "
                    + $"wants {wanted}, has {Cloud.Find(machine.Id)}.";
            }
        }

        return Cloud.Objects.Keys.All(id => machines.Exists(m => m.Id == id))
            ? null
            : "something outside belongs to nothing.";
    }
}
