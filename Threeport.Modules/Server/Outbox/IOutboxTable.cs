namespace Threeport.Server.Outbox;

/// <summary>What waits to be told and to be done.</summary>
/// <param name="OldestAge">Of the oldest row; zero when there is none.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Unsettled">By kind, how many resources wait for their controller; kinds of which none does are not there.</param>
internal sealed record Backlog(TimeSpan OldestAge, long Rows, IReadOnlyDictionary<string, long> Unsettled);

/// <summary>The statements that fill and empty the outbox beside the writer. All times are the database's.</summary>
internal interface IOutboxTable
{
    /// <summary>Rows that are older than <paramref name="age"/>: whoever wrote them has not published them.</summary>
    Task<IReadOnlyList<OutboxRow>> LeftBehindAsync(TimeSpan age, CancellationToken cancellationToken);

    /// <summary>
    /// Writes notifications for passes that are due. Their time is moved on instead of cleared, so that one whose
    /// notification is lost is found again; the pass clears it.
    /// </summary>
    Task<IReadOnlyList<OutboxRow>> TakeDueAsync(TimeSpan retry, CancellationToken cancellationToken);

    /// <summary>Gives back the leases that ran out without an end: the process that held them is gone or hangs.</summary>
    Task<IReadOnlyList<OutboxRow>> TakeExpiredAsync(CancellationToken cancellationToken);

    /// <summary>Gives back at once the leases of this node's former life, which is known to be over.</summary>
    Task<IReadOnlyList<OutboxRow>> ReleaseAllOfAsync(string node, string owner, CancellationToken cancellationToken);

    /// <summary>Resources that somebody should be looking at, after <paramref name="after"/> in order of id; a page.</summary>
    Task<IReadOnlyList<OutboxRow>> UnsettledAsync(Guid after, CancellationToken cancellationToken);

    /// <summary>Every resource that has a reconciler, after <paramref name="after"/> in order of id; a page.</summary>
    Task<IReadOnlyList<OutboxRow>> EveryoneAsync(Guid after, CancellationToken cancellationToken);

    /// <summary>Whether the stream of work is another than the one that was last remembered, by any process.</summary>
    Task<bool> IsOtherStreamAsync(DateTimeOffset made, CancellationToken cancellationToken);

    /// <summary>From now on this is the stream that everyone was told of.</summary>
    Task RememberStreamAsync(DateTimeOffset made, CancellationToken cancellationToken);

    /// <returns>How long until the next pass is due, zero when one is overdue; null when none is planned.</returns>
    Task<TimeSpan?> UntilNextDueAsync(CancellationToken cancellationToken);

    /// <summary>What waits.</summary>
    Task<Backlog> BacklogAsync(CancellationToken cancellationToken);

    /// <summary>Removes rows that the broker confirmed.</summary>
    Task DeleteAsync(Guid[] ids, CancellationToken cancellationToken);
}
