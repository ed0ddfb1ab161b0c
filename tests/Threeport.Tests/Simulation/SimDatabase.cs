using System.Text.Json;
using Npgsql;
using Threeport.Api;
using Threeport.Server.Outbox;
using Threeport.Server.Storage;
using Threeport.Server.Writing;

namespace Threeport.Tests.Simulation;

/// <summary>
/// PostgreSQL as far as it is used: documents with unique names, the outbox, the state of reconciliation, row locks that last
/// as long as their transaction, a clock of its own. What is committed stays.
/// </summary>
internal sealed class SimDatabase(
    Scheduler scheduler,
    KindStores stores,
    JsonSerializerOptions json,
    Invariants invariants
)
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(15);
    private readonly Dictionary<Guid, object> _locks = [];
    private readonly List<Waiter> _waiting = [];
    private readonly HashSet<SimTransaction> _open = [];
    private long _order;

    public KindStores Stores => stores;

    public Dictionary<(KindStore Store, string Name), Document> Documents { get; } = [];

    public Dictionary<Guid, State> States { get; } = [];

    public List<(OutboxRow Row, TimeSpan At)> Outbox { get; } = [];

    /// <summary>The ids of all notifications that were ever committed.</summary>
    public HashSet<Guid> Noted { get; } = [];

    /// <summary>The order in which ids were given, also to what is gone: the order of ids.</summary>
    public Dictionary<Guid, long> Orders { get; } = [];

    public DateTimeOffset? RememberedStream { get; set; }

    public bool IsUp { get; private set; } = true;

    public TimeSpan Now => scheduler.Now;

    public static Exception Broken() => new NpgsqlException("The connection broke.");

    public static PostgresException Conflict(string state) => new("conflict", "ERROR", "ERROR", state);

    public Resource Read(Document document) => document.Store.Read(document.Json, document.Revision, json);

    public Document? Find(Guid id) => Documents.Values.FirstOrDefault(d => d.Id == id);

    /// <summary>Immediate shutdown: what is open is rolled back.</summary>
    public void Down()
    {
        scheduler.Trace("database", "goes down");
        IsUp = false;
        foreach (var transaction in _open.ToList())
        {
            End(transaction);
        }

        foreach (var waiter in _waiting.ToList())
        {
            _waiting.Remove(waiter);
            waiter.Fail();
        }
    }

    public void Up()
    {
        scheduler.Trace("database", "comes up");
        IsUp = true;
    }

    /// <summary>Does something once the rows that it asks for are not locked; it asks again each time.</summary>
    public void WhenFree(Func<IReadOnlyList<Guid>> rows, Action act, Action fail)
    {
        if (!IsUp)
        {
            fail();
            return;
        }

        if (rows().All(row => !_locks.ContainsKey(row)))
        {
            act();
            return;
        }

        var waiter = new Waiter(rows, act, fail);
        _waiting.Add(waiter);
        scheduler.After(
            LockTimeout,
            () =>
            {
                if (_waiting.Remove(waiter))
                {
                    fail();
                }
            }
        );
    }

    /// <summary>The simulation itself is wrong.</summary>
    public void Fail(Exception exception) => invariants.Violate(exception.ToString());

    public bool IsLocked(Guid row) => _locks.ContainsKey(row);

    /// <summary>The transaction holds the rows until <see cref="End"/>.</summary>
    public void Begin(SimTransaction transaction, IReadOnlyList<Guid> rows)
    {
        _open.Add(transaction);
        foreach (var row in rows)
        {
            _locks[row] = transaction;
        }
    }

    public bool IsOpen(SimTransaction transaction) => _open.Contains(transaction);

    public void End(SimTransaction transaction)
    {
        if (!_open.Remove(transaction))
        {
            return;
        }

        foreach (var row in _locks.Where(l => l.Value == transaction).Select(static l => l.Key).ToList())
        {
            _locks.Remove(row);
        }

        foreach (var waiter in _waiting.ToList())
        {
            if (_waiting.Contains(waiter) && waiter.Rows().All(row => !_locks.ContainsKey(row)))
            {
                _waiting.Remove(waiter);
                waiter.Act();
            }
        }
    }

    /// <summary>All of it or nothing, as <see cref="ChangeBatch"/> puts it into statements.</summary>
    /// <exception cref="PostgresException">Somebody else was there before.</exception>
    public void Apply(Changes changes)
    {
        Check(changes);
        invariants.Committing(this, changes);
        foreach (var staged in changes.Staged)
        {
            Store(staged);
        }

        foreach (var row in changes.Outbox)
        {
            Outbox.Add((row, Now));
            Noted.Add(row.Id);
        }

        foreach (var end in changes.Ended.Values)
        {
            if (States.TryGetValue(end.Id, out var state))
            {
                state.Owner = null;
                state.Wanted = false;
                state.Observed = end.ObservedGeneration > 0 ? end.ObservedGeneration : state.Observed;
                state.Failures = end.Failed ? state.Failures + 1 : 0;
                state.RequeueAt = end.RequeueAfter is { } after ? Now + after : null;
            }
        }
    }

    private void Check(Changes changes)
    {
        foreach (var staged in changes.Staged)
        {
            var stored = staged.Before is null ? null : Find(staged.Before.Id);
            if (staged.Removes && stored is null)
            {
                throw Conflict(PostgresErrorCodes.SerializationFailure);
            }

            if (staged.Updates && stored?.Revision != staged.Before!.Revision)
            {
                throw Conflict(PostgresErrorCodes.SerializationFailure);
            }

            if (
                staged.Inserts
                && Documents.TryGetValue((staged.Store, staged.After!.Name), out var taken)
                && taken.Id != staged.Before?.Id
            )
            {
                throw Conflict(PostgresErrorCodes.UniqueViolation);
            }
        }
    }

    private void Store(Staged staged)
    {
        if (staged.Removes)
        {
            Documents.Remove((staged.Store, staged.Before!.Name));
            States.Remove(staged.Before.Id);
        }

        if (staged.After is not { } after || !(staged.Inserts || staged.Updates))
        {
            return;
        }

        after.Revision = staged.Inserts ? 1 : after.Revision;
        Orders.TryAdd(after.Id, _order++);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(after, after.GetType(), json);
        Documents[(staged.Store, after.Name)] = new(staged.Store, after.Id, after.Name, bytes, after.Revision);
        if (staged.MovesState)
        {
            var state = States.TryGetValue(after.Id, out var known) ? known : States[after.Id] = new();
            (state.Kind, state.Name) = (staged.Store.Kind.Plural, after.Name);
            (state.Generation, state.Deleting) = (after.Generation, after.DeletionRequestedAt is not null);
        }
    }

    internal sealed record Document(KindStore Store, Guid Id, string Name, byte[] Json, long Revision);

    /// <summary>A row of <c>reconcile_state</c>.</summary>
    internal sealed class State
    {
        public string Kind { get; set; } = "";

        public string Name { get; set; } = "";

        public long Generation { get; set; }

        public long Observed { get; set; }

        public bool Deleting { get; set; }

        public string? Owner { get; set; }

        public long Epoch { get; set; }

        public TimeSpan ExpiresAt { get; set; }

        public bool Wanted { get; set; }

        public int Failures { get; set; }

        public TimeSpan? RequeueAt { get; set; }
    }

    private sealed record Waiter(Func<IReadOnlyList<Guid>> Rows, Action Act, Action Fail);
}
