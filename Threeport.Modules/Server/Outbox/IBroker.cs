namespace Threeport.Server.Outbox;

/// <summary>The broker as the relay sees it.</summary>
internal interface IBroker
{
    /// <summary>Whether the broker can be reached at all; if not, there is no use in trying.</summary>
    bool IsConnected { get; }

    /// <summary>Raised when it can be reached again.</summary>
    event Action? Connected;

    /// <summary>Makes the stream where it is missing.</summary>
    /// <returns>When it was made: another time than before means that the broker has lost what it held.</returns>
    Task<DateTimeOffset> EnsureStreamAsync(CancellationToken cancellationToken);

    /// <returns>The ids of the rows that the broker confirmed, and why the first of the others was not.</returns>
    Task<(IReadOnlyList<Guid> Confirmed, Exception? Failure)> PublishAsync(
        IReadOnlyList<OutboxRow> rows,
        CancellationToken cancellationToken
    );
}
