using Npgsql;
using Threeport.Server.Writing;

namespace Threeport.Tests.Simulation;

/// <summary>The writer's transactions of one process.</summary>
internal sealed class SimWrites : IWriteStore
{
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(12);
    private static readonly string[] Conflicts =
    [
        PostgresErrorCodes.SerializationFailure,
        PostgresErrorCodes.DeadlockDetected,
    ];

    private readonly SimProcess _process;
    private readonly Network _network;
    private readonly SimDatabase _database;
    private readonly Scheduler _scheduler;
    private readonly List<SimTransaction> _open = [];

    public SimWrites(SimProcess process, Network network, SimDatabase database, Scheduler scheduler)
    {
        (_process, _network, _database, _scheduler) = (process, network, database, scheduler);
        // A connection that is gone is noticed after a while; until then its locks hold.
        process.Died += () => scheduler.After(TimeSpan.FromMilliseconds(50), () => _open.ForEach(database.End));
    }

    /// <summary>How often a commit is refused as PostgreSQL refuses one that met another.</summary>
    public double Conflict { get; set; }

    public Task<IWriteTransaction> BeginAsync(
        IReadOnlyList<Operation> operations,
        CancellationToken cancellationToken
    ) =>
        _network.CallAsync<IWriteTransaction>(
            _process,
            "database",
            $"begins {operations.Count}",
            reply => _database.WhenFree(() => RowsOf(operations), () => Begin(operations, reply), reply.Break),
            SimDatabase.Broken,
            Slowest,
            cancellationToken
        );

    public Task<bool> CommitAsync(SimTransaction transaction, Changes changes, CancellationToken cancellationToken) =>
        _network.CallAsync(
            _process,
            "database",
            "commits",
            () =>
            {
                if (!_database.IsOpen(transaction))
                {
                    throw SimDatabase.Broken();
                }

                try
                {
                    if (_scheduler.Chance(Conflict))
                    {
                        throw SimDatabase.Conflict(_scheduler.Pick(Conflicts));
                    }

                    _database.Apply(changes);
                    return true;
                }
                catch (Exception e) when (e is not NpgsqlException)
                {
                    _database.Fail(e);
                    throw;
                }
                finally
                {
                    _database.End(transaction);
                }
            },
            SimDatabase.Broken,
            Slowest,
            cancellationToken
        );

    public void End(SimTransaction transaction)
    {
        _open.Remove(transaction);
        _database.End(transaction);
    }

    private void Begin(IReadOnlyList<Operation> operations, Network.Reply<IWriteTransaction> reply)
    {
        if (reply.IsAbandoned)
        {
            return;
        }

        var transaction = new SimTransaction(this, SnapshotOf(operations));
        _database.Begin(transaction, RowsOf(operations));
        _open.Add(transaction);
        reply.Answer(transaction);
        // An answer that is not heard leaves a broken connection.
        _scheduler.After(
            TimeSpan.FromMilliseconds(10),
            () =>
            {
                if (!reply.Task.IsCompletedSuccessfully)
                {
                    _database.End(transaction);
                }
            }
        );
    }

    private List<Guid> RowsOf(IReadOnlyList<Operation> operations) =>
        [
            .. operations
                .SelectMany(static o => o.Targets)
                .Select(t => t.Name is null ? t.Id : _database.Documents.GetValueOrDefault((t.Store, t.Name))?.Id)
                .OfType<Guid>()
                .Distinct(),
        ];

    private Snapshot SnapshotOf(IReadOnlyList<Operation> operations)
    {
        var snapshot = new Snapshot();
        foreach (var target in operations.SelectMany(static o => o.Targets))
        {
            var document = target.Name is null
                ? _database.Find(target.Id)
                : _database.Documents.GetValueOrDefault((target.Store, target.Name));
            if (document is not null && snapshot.Find(document.Id) is null)
            {
                snapshot.Add(document.Store, _database.Read(document));
            }

            if (target.Name is null && _database.States.TryGetValue(target.Id, out var state))
            {
                snapshot.AddLease(target.Id, new(state.Epoch, state.Owner, state.Wanted));
            }

            if (target.NeedsReferrers)
            {
                AddReferrers(snapshot, target);
            }
        }

        return snapshot;
    }

    private void AddReferrers(Snapshot snapshot, Target target)
    {
        foreach (
            var (store, reference, _) in _database.Stores.Referrers.GetValueOrDefault(target.Store.Kind.Plural) ?? []
        )
        {
            foreach (var document in _database.Documents.Values.Where(d => d.Store == store))
            {
                if (Equals(SpecProperties.Get(_database.Read(document), reference.Property), target.Name))
                {
                    snapshot.AddReferrer(target.Store, target.Name!, $"{store.Kind.Singular}/{document.Name}");
                }
            }
        }
    }
}

internal sealed class SimTransaction(SimWrites writes, Snapshot snapshot) : IWriteTransaction
{
    public Snapshot Snapshot => snapshot;

    public async Task CommitAsync(Changes changes, CancellationToken cancellationToken) =>
        await writes.CommitAsync(this, changes, cancellationToken);

    public ValueTask DisposeAsync()
    {
        writes.End(this);
        return default;
    }
}
