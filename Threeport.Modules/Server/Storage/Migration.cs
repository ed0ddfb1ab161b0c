using JasperFx;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Threeport.Runtime;

namespace Threeport.Server.Storage;

/// <summary>
/// Brings the database to what this version needs. Replicas that start together wait for each other (an advisory lock), so
/// none races another on DDL. A build that has done so finds its record and leaves it at that.
/// </summary>
internal sealed class Migration(IServiceProvider services, NpgsqlDataSource database, KindStores kinds) : IMigration
{
    private const long Lock = 0x7468_7265_6570_6f72;

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var record = SchemaRecord.Of(kinds);
        if (await SchemaRecord.IsKeptAsync(connection, record, cancellationToken))
        {
            return;
        }

        await ExecuteAsync(connection, $"select pg_advisory_lock({Lock})", cancellationToken);
        try
        {
            // Made here: what Marten prepares for its tables is needed for nothing else.
            var store = services.GetRequiredService<IDocumentStore>();
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
            await ExecuteAsync(connection, Functions.Create, cancellationToken);
            foreach (var statement in kinds.Kinds.Kinds.SelectMany(k => Indexes(kinds[k])))
            {
                await ExecuteAsync(connection, statement, cancellationToken);
            }

            await SchemaRecord.KeepAsync(connection, record, cancellationToken);
        }
        finally
        {
            // The connection may go back to the pool, so the lock is given back by hand, whatever became of the request.
            await ExecuteAsync(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    /// <summary>Indexes on expressions, which Marten would print in another form than the queries use.</summary>
    private static IEnumerable<string> Indexes(KindStore store)
    {
        var alias = KindStore.Alias(store.Kind);
        foreach (var (reference, sql) in store.References)
        {
            var column = reference.Property.Name.ToLowerInvariant();
            yield return $"create index if not exists {alias}_ref_{column} on {store.Table} ({sql})";
        }

        foreach (var flag in store.Kind.ExclusiveFlags)
        {
            var sql = JsonSql.Text(flag.Split('.'));
            yield return $"create unique index if not exists {alias}_only_{flag.Replace('.', '_').ToLowerInvariant()} "
                + $"on {store.Table} ({sql}) where {sql} = 'true'";
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
