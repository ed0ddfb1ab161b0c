namespace Threeport.Server.Writing;

/// <summary>Where the writer's transactions happen.</summary>
internal interface IWriteStore
{
    /// <summary>Begins a transaction; locks and loads all that the operations touch.</summary>
    Task<IWriteTransaction> BeginAsync(IReadOnlyList<Operation> operations, CancellationToken cancellationToken);
}

/// <summary>One transaction. Disposed without a commit, it leaves nothing.</summary>
internal interface IWriteTransaction : IAsyncDisposable
{
    /// <summary>What is there, locked until the transaction ends.</summary>
    Snapshot Snapshot { get; }

    /// <summary>Returns when the changes are durable. When it throws they may be, too: the answer can be lost on its way.</summary>
    Task CommitAsync(Changes changes, CancellationToken cancellationToken);
}
