using System.Globalization;
using Npgsql;
using Threeport.BackupFormat;
using Threeport.Server.Storage;

namespace Threeport.Server.Backups;

/// <summary>
/// A data key as a backup holds it: unwrapped, because the control plane that it is restored into has another key ring. It is never in
/// clear outside of this process.
/// </summary>
/// <param name="Id">As it stands in what it encrypted.</param>
/// <param name="Secret">The key itself.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ActiveAt">From when on it encrypts.</param>
internal sealed record BackedUpKey(string Id, byte[] Secret, DateTimeOffset CreatedAt, DateTimeOffset ActiveAt)
{
    public static IReadOnlyList<string> Columns { get; } = ["id", "secret", "created_at", "active_at"];

    /// <summary>In the order in which they became active.</summary>
    public static async Task<IReadOnlyList<BackedUpKey>> ReadAsync(
        NpgsqlConnection connection,
        KeyRing master,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"select id, wrapped, created_at, active_at from {Tables.DataKeys} order by number",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<BackedUpKey>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(0);
            keys.Add(
                new(
                    id,
                    master.Unwrap(reader.GetString(1), id),
                    reader.GetFieldValue<DateTimeOffset>(2),
                    reader.GetFieldValue<DateTimeOffset>(3)
                )
            );
        }

        return keys;
    }

    public string Row() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Id}\t{Convert.ToHexStringLower(Secret)}\t{CreatedAt:O}\t{ActiveAt:O}\n"
        );

    /// <exception cref="BackupException">It is not as <see cref="Row"/> writes it.</exception>
    public static BackedUpKey Parse(string row)
    {
        try
        {
            return row.Split('\t') is [var id, var secret, var created, var active]
                ? new(id, Convert.FromHexString(secret), Time(created), Time(active))
                : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new BackupException("The backup holds a data key in a form that this version cannot read.");
        }
    }

    /// <summary>
    /// Stores it beside those of the new control plane, wrapped by its master key. Those stay: another replica may be about to encrypt with
    /// one of them.
    /// </summary>
    public async Task StoreAsync(NpgsqlConnection connection, KeyRing master, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            insert into {Tables.DataKeys} (id, number, wrapped, created_at, active_at)
            select $1, coalesce(max(number), 0) + 1, $2, $3, $4 from {Tables.DataKeys}
            on conflict (id) do update set wrapped = excluded.wrapped
            """,
            connection
        );
        command.Parameters.Add(new() { Value = Id });
        command.Parameters.Add(new() { Value = master.Wrap(Secret, Id) });
        command.Parameters.Add(new() { Value = CreatedAt.ToUniversalTime() });
        command.Parameters.Add(new() { Value = ActiveAt.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A record would print the key.</summary>
    public override string ToString() => Id;

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None);
}
