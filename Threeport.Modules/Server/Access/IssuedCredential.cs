using Threeport.Server.Storage;

namespace Threeport.Server.Access;

/// <summary>A token or certificate as it is listed.</summary>
/// <param name="Id">By which it is revoked; no secret.</param>
/// <param name="Name">Who it says its bearer is.</param>
/// <param name="Roles">What it gives.</param>
/// <param name="IssuedBy">Who asked for it.</param>
/// <param name="IssuedAt">When.</param>
/// <param name="ExpiresAt">Until when it works.</param>
/// <param name="RevokedAt">When it was taken back; null when it was not.</param>
internal sealed record IssuedCredential(
    string Id,
    string Name,
    IReadOnlyList<string> Roles,
    string IssuedBy,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt
)
{
    /// <summary>The most that is listed: the newest.</summary>
    private const int MaxListed = 10_000;

    /// <summary>Those of a table that have not expired, newest first.</summary>
    public static async Task<IReadOnlyList<IssuedCredential>> ListAsync(
        PrimaryDatabase database,
        string table,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            $"""
            select id, name, roles, issued_by, issued_at, least(expires_at, '9999-12-31'), revoked_at from {table}
            where expires_at > clock_timestamp() order by issued_at desc limit {MaxListed}
            """
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var credentials = new List<IssuedCredential>();
        while (await reader.ReadAsync(cancellationToken))
        {
            credentials.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetFieldValue<string[]>(2),
                    reader.GetString(3),
                    reader.GetFieldValue<DateTimeOffset>(4),
                    reader.GetFieldValue<DateTimeOffset>(5),
                    reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6)
                )
            );
        }

        return credentials;
    }
}
