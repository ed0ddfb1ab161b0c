using Npgsql;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Storage;
using Threeport.Server.Writing;

namespace Threeport.Server.Passes;

/// <summary>Passes of controllers in this process, and of those that come over HTTPS.</summary>
internal sealed class InProcessPasses(
    NpgsqlDataSource database,
    KindStores stores,
    StorageOptions options,
    Writer writer,
    TimeProvider time
) : IPasses
{
    private const int MaxAttempts = 5;

    /// <summary>
    /// Takes the lease or, if another pass holds it, notes that one is wanted; reads the resource after that. A lease that is
    /// given back while it is asked for is seen by neither, so the whole is asked again.
    /// </summary>
    private const string Take = $"""
        with taken as (
            update {Tables.ReconcileState} set owner = $2, epoch = epoch + 1, expires_at = clock_timestamp() + $3, wanted = false
            where id = $1 and (owner is null or expires_at < clock_timestamp())
            returning epoch, failures),
        noted as (
            update {Tables.ReconcileState} set wanted = true
            where id = $1 and owner is not null and not exists (select from taken) returning 1)
        select (select epoch from taken), (select failures from taken), exists (select from noted),
            exists (select from {Tables.ReconcileState} where id = $1)
        """;

    public async Task<BegunPass<T>?> BeginAsync<T>(Guid id, string owner, CancellationToken cancellationToken)
        where T : Resource, IKind
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (answer, settled) = await TryBeginAsync<T>(id, owner, cancellationToken);
            if (settled)
            {
                return answer;
            }
        }

        // Neither taken nor noted: the message is given back and comes again.
        throw new ProblemException(Problems.Unavailable("The lease keeps changing hands."));
    }

    public async Task<bool> RenewAsync<T>(Guid id, long epoch, CancellationToken cancellationToken)
        where T : Resource, IKind
    {
        await using var command = database.CreateCommand(
            $"update {Tables.ReconcileState} set expires_at = clock_timestamp() + $3 where id = $1 and epoch = $2 and owner is not null"
        );
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = Leases.Duration });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public Task CheckpointAsync<T>(T resource, long epoch, CancellationToken cancellationToken)
        where T : Resource, IKind => WriteAsync(resource, epoch, null, cancellationToken);

    public Task EndAsync<T>(T resource, long epoch, PassOutcome outcome, CancellationToken cancellationToken)
        where T : Resource, IKind => WriteAsync(resource, epoch, outcome, cancellationToken);

    private Task WriteAsync<T>(T resource, long epoch, PassOutcome? outcome, CancellationToken cancellationToken)
        where T : Resource, IKind
    {
        var store = stores[T.Plural];
        var caller = Caller.Controller(store.Kind.Module);
        return writer.WriteAsync(
            new PassWrite(store, resource, epoch, outcome, caller, time.GetUtcNow()),
            cancellationToken
        );
    }

    private async Task<(BegunPass<T>? Answer, bool Settled)> TryBeginAsync<T>(
        Guid id,
        string owner,
        CancellationToken cancellationToken
    )
        where T : Resource, IKind
    {
        var store = stores[T.Plural];
        await using var batch = database.CreateBatch();
        batch.Timeout = 10;
        batch.BatchCommands.Add(
            new(Take)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = id },
                    new NpgsqlParameter<string> { TypedValue = owner },
                    new NpgsqlParameter<TimeSpan> { TypedValue = Leases.Duration },
                },
            }
        );
        batch.BatchCommands.Add(
            new($"select data, mt_version from {store.Table} where id = $1")
            {
                Parameters = { new NpgsqlParameter<Guid> { TypedValue = id } },
            }
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.IsDBNull(0))
        {
            var (noted, exists) = (reader.GetBoolean(2), reader.GetBoolean(3));
            return (null, noted || !exists);
        }

        var (epoch, failures) = (reader.GetInt64(0), reader.GetInt32(1));
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return (null, true);
        }

        var resource = (T)store.Read(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1), options.Json);
        return (new(resource, epoch, failures), true);
    }
}
