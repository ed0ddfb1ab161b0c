using JasperFx;
using Marten;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Threeport.Runtime;
using Threeport.Server.Backups;

namespace Threeport.Server.Storage;

/// <summary>
/// Brings the database to what this version needs. Replicas that start together wait for each other (an advisory lock), so
/// none races another on DDL. A build that has done so finds its record and leaves it at that. With a connection of the owner
/// (<c>ConnectionStrings:threeport-owner</c>) the tables are the owner's, and the role that the API layer works as is granted what
/// it needs and no more: of the history and the audit it can change and delete nothing. With <c>Threeport:Migration=wait</c> it is
/// somebody else who does so (<c>--roles migration</c>), and is waited for: then no replica needs the owner's rights.
/// A version that is older than the last leaves the database as it is: it runs on it if it did before, for migrations only add, and
/// not at all if it did not.
/// </summary>
internal sealed class Migration(
    PrimaryDatabase database,
    KindStores kinds,
    DataKeys keys,
    IConfiguration configuration,
    TimeProvider time
) : IMigration
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private const long Lock = 0x7468_7265_6570_6f72;

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await ApplySchemaAsync(cancellationToken);
        await keys.LoadAsync(cancellationToken);
    }

    private async Task ApplySchemaAsync(CancellationToken cancellationToken)
    {
        var record = SchemaRecord.Of(kinds);
        if (configuration["Threeport:Migration"] == "wait")
        {
            // Nothing tells of it. Whoever supervises this process sees that it is not ready, and ends it when it takes too long.
            while (!await IsAppliedAsync(record, last: false, cancellationToken))
            {
                await Task.Delay(LookEvery, time, cancellationToken);
            }

            return;
        }

        if (await IsAppliedAsync(record, last: true, cancellationToken))
        {
            return;
        }

        if (await IsNewerAsync(record, cancellationToken))
        {
            return;
        }

        var owner = configuration["ConnectionStrings:threeport-owner"];
        if (string.IsNullOrEmpty(owner))
        {
            await ApplyAsync(database.Pool, record, grantTo: null, cancellationToken);
            return;
        }

        var user = new NpgsqlConnectionStringBuilder(database.Pool.ConnectionString).Username;
        await using var source = DataSources.OpenForOwner(owner);
        await ApplyAsync(source, record, user, cancellationToken);
    }

    private async Task<bool> IsAppliedAsync(byte[] record, bool last, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await SchemaRecord.IsKeptAsync(connection, record, last, cancellationToken);
    }

    /// <returns>Whether the database is as a newer version needs it, and good for this one, too.</returns>
    /// <exception cref="SettingsException">It is a newer version's, and this one never ran on it.</exception>
    private async Task<bool> IsNewerAsync(byte[] record, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var product = await SchemaRecord.ProductAsync(connection, cancellationToken);
        if (product is null || !ProductVersion.IsNewer(product))
        {
            return false;
        }

        return await SchemaRecord.IsKeptAsync(connection, record, last: false, cancellationToken)
            ? true
            : throw new SettingsException(
                $"The database is as threeport {product} needs it, and this is {ProductVersion.Current}, which has not run on it before. Start {product} or a newer version."
            );
    }

    private async Task ApplyAsync(
        NpgsqlDataSource source,
        byte[] record,
        string? grantTo,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_lock({Lock})", cancellationToken);
        try
        {
            // Made here: what Marten prepares for its tables is needed for nothing else.
            await using var store = Store(source);
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
            await ExecuteAsync(connection, Functions.Create, cancellationToken);
            foreach (var statement in kinds.Kinds.Kinds.SelectMany(k => Indexes(kinds[k])))
            {
                await ExecuteAsync(connection, statement, cancellationToken);
            }

            foreach (var kind in kinds.Kinds.Kinds.Where(static k => k.IsReconciled))
            {
                await ExecuteAsync(connection, States(kinds[kind]), cancellationToken);
            }

            if (grantTo is not null)
            {
                await ExecuteAsync(connection, Grants(grantTo), cancellationToken);
            }

            await SchemaRecord.KeepProductAsync(connection, cancellationToken);
            await SchemaRecord.KeepAsync(connection, record, cancellationToken);
        }
        finally
        {
            // The connection may go back to the pool, so the lock is given back by hand, whatever became of the request.
            await ExecuteAsync(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    /// <summary>Marten as this version wants the database.</summary>
    internal DocumentStore Store(NpgsqlDataSource source) =>
        DocumentStore.For(options =>
        {
            options.Connection(source);
            MartenSetup.Configure(options, kinds.Kinds, keys);
        });

    private static string Grants(string user)
    {
        var role = $"\"{user.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return $"""
            grant usage on schema {KindStore.Schema} to {role};
            grant select, insert, update, delete on all tables in schema {KindStore.Schema} to {role};
            grant usage on all sequences in schema {KindStore.Schema} to {role};
            grant execute on all functions in schema {KindStore.Schema} to {role};
            revoke update, delete, truncate on {Tables.History}, {Tables.Audit} from {role}
            """;
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

    /// <summary>Of a kind that had no reconciler before: what is stored waits for its first pass.</summary>
    private static string States(KindStore store) =>
        $"""
            insert into {Tables.ReconcileState} (id, kind, name, generation, deleting)
            select id, '{store.Kind.Plural}', data ->> 'name', (data ->> 'generation')::bigint, data ->> 'deletionRequestedAt' is not null
            from {store.Table} on conflict do nothing
            """;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
