using System.Security.Cryptography;
using System.Text;
using Marten;
using Npgsql;
using Threeport.Api;
using Threeport.Server.Backups;
using Weasel.Postgresql.Tables;

namespace Threeport.Server.Storage;

/// <summary>
/// Which builds have brought the database to what they need, and which of them last. To compare all tables with what they should
/// be costs each start a tenth of its processor time, most of it for compiling what does the comparing; a build that did so before
/// need not do it again. Migrations only add, so that a build before the last still finds what it needs while another replaces it.
/// </summary>
internal static class SchemaRecord
{
    private const string Setting = "schema";
    private const string ProductSetting = "schema product";

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

    /// <param name="connection">An open one.</param>
    /// <param name="record">Of this build.</param>
    /// <param name="last">Whether it has to be the last that did so.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static async Task<bool> IsKeptAsync(
        NpgsqlConnection connection,
        byte[] record,
        bool last,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"select exists (select from {Tables.Settings} where name = $1 and value = $2)",
            connection
        );
        command.Parameters.Add(new() { Value = last ? Setting : SettingOf(record) });
        command.Parameters.Add(new() { Value = record });
        try
        {
            return await command.ExecuteScalarAsync(cancellationToken) is true;
        }
        catch (PostgresException exception) when (IsNotThere(exception))
        {
            return false;
        }
    }

    public static async Task KeepAsync(NpgsqlConnection connection, byte[] record, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"insert into {Tables.Settings} (name, value) values ($1, $3), ($2, $3) on conflict (name) do update set value = $3",
            connection
        );
        command.Parameters.Add(new() { Value = Setting });
        command.Parameters.Add(new() { Value = SettingOf(record) });
        command.Parameters.Add(new() { Value = record });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>The newest version that brought the database to what it needs; null when none did, or none that told.</returns>
    public static async Task<string?> ProductAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select value from {Tables.Settings} where name = '{ProductSetting}'",
            connection
        );
        try
        {
            return await command.ExecuteScalarAsync(cancellationToken) is byte[] value
                ? Encoding.UTF8.GetString(value)
                : null;
        }
        catch (PostgresException exception) when (IsNotThere(exception))
        {
            return null;
        }
    }

    /// <summary>Notes which version this is. To be called by whoever migrates, which an older one than the last never does.</summary>
    public static async Task KeepProductAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"insert into {Tables.Settings} (name, value) values ('{ProductSetting}', $1) on conflict (name) do update set value = $1",
            connection
        );
        command.Parameters.Add(new() { Value = Encoding.UTF8.GetBytes(ProductVersion.Current) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static bool IsNotThere(PostgresException exception) =>
        exception.SqlState
            is PostgresErrorCodes.UndefinedTable
                or PostgresErrorCodes.InvalidSchemaName
                or PostgresErrorCodes.InsufficientPrivilege;

    private static string SettingOf(byte[] record) => $"{Setting} {Convert.ToHexStringLower(record.AsSpan(0, 8))}";
}
