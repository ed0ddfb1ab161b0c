using Npgsql;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>
/// Transactions of the writer in PostgreSQL, of two round trips: one begins, locks and loads, the other changes and commits.
/// </summary>
internal sealed class PostgresWrites(
    NpgsqlDataSource database,
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
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var snapshot = await _loader.LoadAsync(connection, operations, cancellationToken);
            return new Transaction(connection, snapshot, options, time);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The pool rolls back what is still open when a connection comes back to it.</summary>
    private sealed class Transaction(
        NpgsqlConnection connection,
        Snapshot snapshot,
        StorageOptions options,
        TimeProvider time
    ) : IWriteTransaction
    {
        public Snapshot Snapshot => snapshot;

        public async Task CommitAsync(Changes changes, CancellationToken cancellationToken)
        {
            await using var batch = connection.CreateBatch();
            new ChangeBatch(batch, options.Json, time).Add(changes);
            // The last of the batch: it is not reached when one before it fails.
            batch.BatchCommands.Add(new("commit"));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
