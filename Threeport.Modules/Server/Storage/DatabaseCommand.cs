using Npgsql;

namespace Threeport.Server.Storage;

/// <summary>
/// What the primary is asked, on a connection of its own: one statement, or several in one round trip. Once another host has become the
/// primary the answer is waited for no longer, and the connection goes back when it is known what became of it.
/// </summary>
/// <param name="database">Whose primary is asked.</param>
/// <param name="batch">Of the primary's pool.</param>
/// <param name="replaced">Cancelled when that is the primary no longer.</param>
internal sealed class DatabaseCommand(PrimaryDatabase database, NpgsqlBatch batch, CancellationToken replaced)
    : IAsyncDisposable
{
    private Task _asked = Task.CompletedTask;

    /// <summary>Each with its parameters.</summary>
    public NpgsqlBatchCommandCollection Statements => batch.BatchCommands;

    /// <summary>Those of the first statement.</summary>
    public NpgsqlParameterCollection Parameters => batch.BatchCommands[0].Parameters;

    /// <summary>How long it may take, in whole seconds; else what the connection string says.</summary>
    public TimeSpan Timeout
    {
        set => batch.Timeout = (int)value.TotalSeconds;
    }

    /// <exception cref="NpgsqlException">It was refused, or the database is away.</exception>
    public async Task<NpgsqlDataReader> ExecuteReaderAsync(CancellationToken cancellationToken = default)
    {
        var asked = batch.ExecuteReaderAsync(cancellationToken);
        _asked = asked;
        try
        {
            return await AnswerAsync(asked);
        }
        catch
        {
            _asked = CloseAsync(asked);
            throw;
        }
    }

    /// <returns>The first column of the first row.</returns>
    /// <exception cref="NpgsqlException">It was refused, or the database is away.</exception>
    public Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken = default)
    {
        var asked = batch.ExecuteScalarAsync(cancellationToken);
        _asked = asked;
        return AnswerAsync(asked);
    }

    /// <returns>How many rows were changed.</returns>
    /// <exception cref="NpgsqlException">It was refused, or the database is away.</exception>
    public Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default)
    {
        var asked = batch.ExecuteNonQueryAsync(cancellationToken);
        _asked = asked;
        return AnswerAsync(asked);
    }

    /// <summary>Returns at once: what is not answered yet is left to end by itself.</summary>
    public ValueTask DisposeAsync()
    {
        if (_asked.IsCompleted)
        {
            return batch.DisposeAsync();
        }

        database.Leave(batch, _asked);
        return default;
    }

    private async Task<T> AnswerAsync<T>(Task<T> asked)
    {
        try
        {
            return await asked.WaitAsync(replaced);
        }
        catch (OperationCanceledException e) when (e.CancellationToken == replaced)
        {
            throw new NpgsqlException(
                "Another host has become the database's primary.",
                new TimeoutException("What the one before it was asked may never be answered.", e)
            );
        }
    }

    /// <summary>Rows that nobody reads any more would keep their connection.</summary>
    private static async Task CloseAsync(Task<NpgsqlDataReader> asked)
    {
        await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (asked.IsCompletedSuccessfully)
        {
            await (await asked).DisposeAsync();
        }
    }
}
