using Npgsql;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>
/// Transactions of the writer in PostgreSQL, of two round trips: one begins, locks and loads, the other changes and commits.
/// </summary>
internal sealed class PostgresWrites(
    PrimaryDatabase database,
    KindStores kinds,
    StorageOptions options,
    TimeProvider time
) : IWriteStore
{
    private readonly SnapshotLoader _loader = new(kinds, options.Json);

    public async Task<IWriteTransaction> BeginAsync(
        IReadOnlyList<Operation> operations,
        CancellationToken cancellationToken
    )
    {
        // Before the connection: one of a later primary is then ended for nothing, but never one of an earlier waited for in vain.
        var replaced = database.Replaced;
        var connection = await database.OpenConnectionAsync(cancellationToken);
        var loading = _loader.LoadAsync(connection, operations, cancellationToken);
        try
        {
            var snapshot = await loading.WaitAsync(replaced);
            return new Transaction(database, connection, snapshot, options, time, replaced);
        }
        catch
        {
            database.Leave(connection, loading);
            throw;
        }
    }

    /// <summary>The pool rolls back what is still open when a connection comes back to it.</summary>
    private sealed class Transaction(
        PrimaryDatabase database,
        NpgsqlConnection connection,
        Snapshot snapshot,
        StorageOptions options,
        TimeProvider time,
        CancellationToken replaced
    ) : IWriteTransaction
    {
        private Task _committing = Task.CompletedTask;

        public Snapshot Snapshot => snapshot;

        /// <summary>No longer than the primary is the primary: all other writes wait for this one.</summary>
        public Task CommitAsync(Changes changes, CancellationToken cancellationToken)
        {
            _committing = WriteAsync(changes, cancellationToken);
            return _committing.WaitAsync(replaced);
        }

        public ValueTask DisposeAsync()
        {
            if (_committing.IsCompleted)
            {
                return connection.DisposeAsync();
            }

            database.Leave(connection, _committing);
            return default;
        }

        private async Task WriteAsync(Changes changes, CancellationToken cancellationToken)
        {
            await using var batch = connection.CreateBatch();
            new ChangeBatch(batch, options.Json, time).Add(changes);
            // The last of the batch: it is not reached when one before it fails.
            batch.BatchCommands.Add(new("commit"));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
