using Npgsql;
using Threeport.Server.Storage;

namespace Threeport.Server.Backups;

/// <summary>What tells replicas that what they remember is of another state, and that the broker's stream is too.</summary>
internal static class RestoreMark
{
    private const string Restored = "restored";
    private const string OldStream = "stream-before-restore";

    /// <summary>In the transaction that restores.</summary>
    public static async Task SetAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            insert into {Tables.Settings} (name, value) values ('{Restored}', $1), ('{OldStream}', $1)
            on conflict (name) do update set value = excluded.value
            """,
            connection
        );
        command.Parameters.Add(new() { Value = Guid.CreateVersion7().ToByteArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>Which restoration was the last, empty when there was none, and whether the stream is still that from before it.</returns>
    public static async Task<(Guid Restored, bool OldStream)> ReadAsync(
        PrimaryDatabase database,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            $"select name, value from {Tables.Settings} where name in ('{Restored}', '{OldStream}')"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (restored, old) = (Guid.Empty, false);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetString(0) == OldStream)
            {
                old = true;
            }
            else
            {
                restored = new(reader.GetFieldValue<byte[]>(1));
            }
        }

        return (restored, old);
    }

    /// <summary>The stream has been made anew.</summary>
    public static async Task StreamIsNewAsync(PrimaryDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"delete from {Tables.Settings} where name = '{OldStream}'");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
