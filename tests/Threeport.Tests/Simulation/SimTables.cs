using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Outbox;
using Threeport.Server.Passes;
using Threeport.Server.Reading;
using Threeport.Server.Resources;
using Threeport.Server.Storage;

namespace Threeport.Tests.Simulation;

/// <summary>What one process asks of the database beside the writer's transactions.</summary>
internal sealed class SimTables(SimProcess process, World world) : ILeaseTable, IOutboxTable, IResourceReader
{
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(9);
    private readonly SimDatabase _database = world.Database;

    public Task<TakenLease> TakeAsync(KindStore store, Guid id, string owner, CancellationToken cancellationToken) =>
        LockedAsync("takes the lease", () => [id], () => Take(id, owner), cancellationToken);

    public Task<bool> RenewAsync(Guid id, long epoch, CancellationToken cancellationToken) =>
        LockedAsync(
            "renews the lease",
            () => [id],
            () =>
            {
                if (!_database.States.TryGetValue(id, out var state) || state.Epoch != epoch || state.Owner is null)
                {
                    return false;
                }

                state.ExpiresAt = _database.Now + Leases.Duration;
                return true;
            },
            cancellationToken
        );

    public Task<IReadOnlyList<OutboxRow>> LeftBehindAsync(TimeSpan age, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<OutboxRow>>(
            "reads the outbox",
            () => [.. _database.Outbox.Where(r => r.At < _database.Now - age).Select(static r => r.Row)],
            cancellationToken
        );

    public Task<IReadOnlyList<OutboxRow>> TakeDueAsync(TimeSpan retry, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<OutboxRow>>(
            "takes what is due",
            () =>
                Announce(
                    _database.States.Where(s => s.Value.RequeueAt <= _database.Now && !_database.IsLocked(s.Key)),
                    state => state.RequeueAt = _database.Now + retry
                ),
            cancellationToken
        );

    public Task<IReadOnlyList<OutboxRow>> TakeExpiredAsync(CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<OutboxRow>>(
            "takes what expired",
            () =>
                Announce(
                    _database.States.Where(s =>
                        s.Value.Owner is not null && s.Value.ExpiresAt < _database.Now && !_database.IsLocked(s.Key)
                    ),
                    Release
                ),
            cancellationToken
        );

    public Task<IReadOnlyList<OutboxRow>> ReleaseAllOfAsync(
        string node,
        string owner,
        CancellationToken cancellationToken
    )
    {
        return LockedAsync<IReadOnlyList<OutboxRow>>(
            "releases its former leases",
            () => [.. Former().Select(static s => s.Key)],
            () => Announce(Former(), Release),
            cancellationToken
        );

        IEnumerable<KeyValuePair<Guid, SimDatabase.State>> Former() =>
            _database.States.Where(s =>
                s.Value.Owner is { } held
                && held.StartsWith(node + "/", StringComparison.Ordinal)
                && !held.StartsWith(owner, StringComparison.Ordinal)
            );
    }

    public Task<IReadOnlyList<OutboxRow>> UnsettledAsync(Guid after, CancellationToken cancellationToken) =>
        PageAsync(
            static s => (s.Observed < s.Generation || s.Deleting) && s.Owner is null && s.RequeueAt is null,
            after,
            cancellationToken
        );

    public Task<IReadOnlyList<OutboxRow>> EveryoneAsync(Guid after, CancellationToken cancellationToken) =>
        PageAsync(static _ => true, after, cancellationToken);

    public Task<bool> IsOtherStreamAsync(DateTimeOffset made, CancellationToken cancellationToken) =>
        AskAsync("compares the stream", () => _database.RememberedStream != made, cancellationToken);

    public Task RememberStreamAsync(DateTimeOffset made, CancellationToken cancellationToken) =>
        AskAsync("remembers the stream", () => _database.RememberedStream = made, cancellationToken);

    public Task<TimeSpan?> UntilNextDueAsync(CancellationToken cancellationToken) =>
        AskAsync<TimeSpan?>(
            "asks for the next",
            () =>
                _database.States.Values.Min(static s => s.RequeueAt) is not { } next ? null
                : next > _database.Now ? next - _database.Now
                : TimeSpan.Zero,
            cancellationToken
        );

    public Task<Backlog> BacklogAsync(CancellationToken cancellationToken) =>
        AskAsync(
            "looks at the backlog",
            () =>
                new Backlog(
                    _database.Outbox.Count == 0 ? TimeSpan.Zero : _database.Now - _database.Outbox[0].At,
                    _database.Outbox.Count,
                    new Dictionary<string, long>()
                ),
            cancellationToken
        );

    public Task DeleteAsync(Guid[] ids, CancellationToken cancellationToken) =>
        AskAsync(
            "forgets",
            () =>
            {
                foreach (var id in ids)
                {
                    world.Invariants.Forgotten(id, world.Broker);
                }

                return _database.Outbox.RemoveAll(r => ids.Contains(r.Row.Id));
            },
            cancellationToken
        );

    public async Task<Resource?> FindAsync(KindDescriptor kind, string name, CancellationToken cancellationToken) =>
        await FindManyAsync(kind, [name], cancellationToken) is [var found] ? found : null;

    public Task<IReadOnlyList<Resource>> FindManyAsync(
        KindDescriptor kind,
        string[] names,
        CancellationToken cancellationToken
    ) =>
        AskAsync<IReadOnlyList<Resource>>(
            "reads",
            () => [.. Of(kind).Where(d => names.Contains(d.Name)).Select(_database.Read)],
            cancellationToken
        );

    /// <summary>One page of all; filters are on fields that hold text.</summary>
    public Task<ListPage> ListAsync(KindDescriptor kind, ListQuery query, CancellationToken cancellationToken) =>
        AskAsync(
            "lists",
            () =>
                new ListPage(
                    [
                        .. Of(kind)
                            .Select(_database.Read)
                            .Where(r => query.Terms.All(t => Equals(TextOf(r, t.Path), t.Value)))
                            .OrderBy(static r => r.Name, StringComparer.Ordinal),
                    ],
                    null
                ),
            cancellationToken
        );

    public Task<IReadOnlyList<HistoryRow>> HistoryAsync(
        KindDescriptor kind,
        string name,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<HistoryRow>>([]);

    public Task<IReadOnlyList<ResourceEvent>> EventsAsync(Guid resourceId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ResourceEvent>>([]);

    public Task<string?> NearestNameAsync(KindDescriptor kind, string name, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(null);

    private static void Release(SimDatabase.State state) => (state.Owner, state.Wanted) = (null, false);

    private static object? TextOf(Resource resource, string path) =>
        SpecOf(resource).GetType().GetProperties().Single(p => IsAt(p.Name, path)).GetValue(SpecOf(resource));

    private static object SpecOf(Resource resource) => Threeport.Server.Writing.SpecProperties.Spec(resource);

    private static bool IsAt(string property, string path) =>
        string.Equals($"spec.{property}", path, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<SimDatabase.Document> Of(KindDescriptor kind) =>
        _database.Documents.Values.Where(d => d.Store.Kind == kind);

    private TakenLease Take(Guid id, string owner)
    {
        if (!_database.States.TryGetValue(id, out var state))
        {
            return TakenLease.Not;
        }

        var isFree = state.Owner is null || state.ExpiresAt < _database.Now;
        if (!isFree && state.Owner != owner)
        {
            state.Wanted = true;
            return TakenLease.Not;
        }

        if (isFree)
        {
            (state.Owner, state.Epoch, state.Wanted) = (owner, state.Epoch + 1, false);
        }

        state.ExpiresAt = _database.Now + Leases.Duration;
        return new(state.Epoch, state.Failures, _database.Find(id) is { } document ? _database.Read(document) : null);
    }

    private List<OutboxRow> Announce(
        IEnumerable<KeyValuePair<Guid, SimDatabase.State>> states,
        Action<SimDatabase.State> change
    )
    {
        var rows = new List<OutboxRow>();
        foreach (var (id, state) in states.OrderBy(s => _database.Orders[s.Key]).ToList())
        {
            change(state);
            rows.Add(RowOf(id, state));
            _database.Outbox.Add((rows[^1], _database.Now));
        }

        return rows;
    }

    private static OutboxRow RowOf(Guid id, SimDatabase.State state) =>
        new(Guid.NewGuid(), state.Kind, id, state.Name, state.Generation, 0, Work: true, Change: null, Trace: null);

    private Task<IReadOnlyList<OutboxRow>> PageAsync(
        Func<SimDatabase.State, bool> condition,
        Guid after,
        CancellationToken cancellationToken
    ) =>
        AskAsync<IReadOnlyList<OutboxRow>>(
            "looks for the unsettled",
            () =>
                [
                    .. _database
                        .States.Where(s =>
                            condition(s.Value)
                            && _database.Orders[s.Key] > (after == Guid.Empty ? -1 : _database.Orders[after])
                        )
                        .OrderBy(s => _database.Orders[s.Key])
                        .Select(static s => RowOf(s.Key, s.Value)),
                ],
            cancellationToken
        );

    private Task<T> AskAsync<T>(string what, Func<T> ask, CancellationToken cancellationToken) =>
        LockedAsync(what, static () => [], ask, cancellationToken);

    private Task<T> LockedAsync<T>(
        string what,
        Func<IReadOnlyList<Guid>> rows,
        Func<T> ask,
        CancellationToken cancellationToken
    ) =>
        world.Network.CallAsync<T>(
            process,
            "database",
            what,
            reply => _database.WhenFree(rows, () => reply.Answer(ask()), reply.Break),
            SimDatabase.Broken,
            Slowest,
            cancellationToken
        );
}
