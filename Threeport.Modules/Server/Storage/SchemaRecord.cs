using System.Security.Cryptography;
using System.Text;
using Marten;
using Npgsql;
using Threeport.Api;
using Weasel.Postgresql.Tables;

namespace Threeport.Server.Storage;

/// <summary>
/// Which build last brought the database to what it needs. To compare all tables with what they should be costs each start a
/// tenth of its processor time, most of it for compiling what does the comparing; a build that did so before need not do it again.
/// </summary>
internal static class SchemaRecord
{
    private const string Setting = "schema";

    /// <summary>
    /// Whatever decides about tables: the builds of all that describes them, and the kinds that are loaded.
    /// </summary>
    public static byte[] Of(KindStores kinds)
    {
        var parts = kinds
            .Kinds.Kinds.Select(static k => k.Type.Assembly)
            .Concat([
                typeof(SchemaRecord).Assembly,
                typeof(Resource).Assembly,
                typeof(StoreOptions).Assembly,
                typeof(Table).Assembly,
            ])
            .Select(static a => $"{a.ManifestModule.ModuleVersionId}")
            .Concat(kinds.Kinds.Kinds.Select(static k => k.Plural))
            .Distinct()
            .Order(StringComparer.Ordinal);
        return SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
    }

    public static async Task<bool> IsKeptAsync(
        NpgsqlConnection connection,
        byte[] record,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"select value from {Tables.Settings} where name = '{Setting}'",
            connection
        );
        try
        {
            return await command.ExecuteScalarAsync(cancellationToken) is byte[] kept && kept.SequenceEqual(record);
        }
        catch (PostgresException exception)
            when (exception.SqlState
                    is PostgresErrorCodes.UndefinedTable
                        or PostgresErrorCodes.InvalidSchemaName
                        or PostgresErrorCodes.InsufficientPrivilege
            )
        {
            return false;
        }
    }

    public static async Task KeepAsync(NpgsqlConnection connection, byte[] record, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"insert into {Tables.Settings} (name, value) values ('{Setting}', $1) on conflict (name) do update set value = $1",
            connection
        );
        command.Parameters.Add(new() { Value = record });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
