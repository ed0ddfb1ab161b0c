using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using NpgsqlTypes;
using Threeport.Runtime;
using Threeport.Server.Storage;

namespace Threeport.Server.Access;

/// <summary>
/// API tokens: <c>tp_&lt;id&gt;_&lt;256 random bits&gt;</c>. The database has their SHA-256, which is enough for what nobody can
/// guess, so that whoever reads it cannot use them. What was looked up is remembered for <see cref="LookAgainAfter"/>:
/// that long a token that was revoked elsewhere still works.
/// </summary>
public sealed class Tokens
{
    /// <summary>How long an answer of the database counts.</summary>
    public static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(20);

    /// <summary>The same while the database is away; then tokens are not known any more.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromSeconds(50);

    private const string Prefix = "tp";
    private const int MaxLength = 256;
    private const int MaxRemembered = 10_000;

    private readonly PrimaryDatabase _database;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly SharedQuery<string, Known?> _lookUp;

    public Tokens(PrimaryDatabase database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        _lookUp = new(LookUpAsync, atOnce: 1, most: 256);
    }

    /// <summary>A token for this caller until then.</summary>
    /// <returns>The token: it cannot be had again.</returns>
    public async Task<string> IssueAsync(
        Caller caller,
        DateTimeOffset expiresAt,
        CancellationToken cancellationToken,
        string issuedBy = "system"
    )
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await using var command = _database.CreateCommand(
            $"""
            insert into {Tables.Tokens} (id, hash, name, roles, issued_by, issued_at, expires_at)
            values ($1, $2, $3, $4, $5, clock_timestamp(), $6)
            """
        );
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = Hash(secret) });
        command.Parameters.Add(new() { Value = caller.Name });
        command.Parameters.Add(new() { Value = caller.Roles.ToArray() });
        command.Parameters.Add(new() { Value = issuedBy });
        command.Parameters.Add(new() { Value = expiresAt.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return $"{Prefix}_{id}_{secret}";
    }

    /// <summary>Whether it is a token that works, of this caller.</summary>
    public async Task<bool> IsOfAsync(Caller caller, string token, CancellationToken cancellationToken) =>
        await VerifyAsync(token, cancellationToken) is { } identity
        && identity.Name == caller.Name
        && identity.Roles.SequenceEqual(caller.Roles);

    /// <returns>Who it is; null when the token is not one of ours, was revoked, or has expired.</returns>
    internal async ValueTask<Identity?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > MaxLength || token.Split('_', 3) is not [Prefix, var id, var secret])
        {
            return null;
        }

        var known = await FindAsync(id, cancellationToken);
        return
            known is not null
            && CryptographicOperations.FixedTimeEquals(known.Hash, Hash(secret))
            && known.Identity.ExpiresAt > _time.GetUtcNow()
            ? known.Identity
            : null;
    }

    /// <summary>The database is another: what was looked up in the one before does not count.</summary>
    internal void Forget() => _known.Clear();

    /// <summary>Those that have not expired, newest first; without what would let one use them.</summary>
    internal Task<IReadOnlyList<IssuedCredential>> ListAsync(CancellationToken cancellationToken) =>
        IssuedCredential.ListAsync(_database, Tables.Tokens, cancellationToken);

    /// <returns>The name that it was for; null when there is no such token. Revoking it again changes nothing.</returns>
    internal async Task<string?> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(
            $"update {Tables.Tokens} set revoked_at = coalesce(revoked_at, clock_timestamp()) where id = $1 returning name"
        );
        command.Parameters.Add(new() { Value = id });
        var name = await command.ExecuteScalarAsync(cancellationToken) as string;
        _known.TryRemove(id, out _);
        return name;
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private async ValueTask<Known?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var remembered = _known.GetValueOrDefault(id);
        if (remembered is not null && _time.GetElapsedTime(remembered.At) < LookAgainAfter)
        {
            return remembered;
        }

        try
        {
            var found = await _lookUp.AskAsync(id, cancellationToken);
            Remember(id, found);
            return found;
        }
        catch (Exception exception)
            when (remembered is not null
                && Database.IsAway(exception)
                && _time.GetElapsedTime(remembered.At) < ForgetAfter
            )
        {
            return remembered;
        }
    }

    /// <summary>Only what there is, of which there is never much; what somebody makes up is not remembered.</summary>
    private void Remember(string id, Known? found)
    {
        if (found is null)
        {
            _known.TryRemove(id, out _);
            return;
        }

        if (_known.Count >= MaxRemembered)
        {
            _known.Clear();
        }

        _known[id] = found;
    }

    private async Task<IReadOnlyList<Known?>> LookUpAsync(IReadOnlyList<string> ids)
    {
        await using var command = _database.CreateCommand(
            $"select id, hash, name, roles, expires_at from {Tables.Tokens} where id = any ($1) and revoked_at is null"
        );
        command.Parameters.Add(
            new() { Value = ids.Distinct().ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
        );
        var at = _time.GetTimestamp();
        var found = new Dictionary<string, Known>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var id = reader.GetString(0);
            var identity = new Identity(reader.GetString(2), reader.GetFieldValue<string[]>(3))
            {
                ExpiresAt = reader.GetFieldValue<DateTimeOffset>(4),
                CredentialId = id,
            };
            found[id] = new(reader.GetFieldValue<byte[]>(1), identity, at);
        }

        return [.. ids.Select(i => found.GetValueOrDefault(i))];
    }

    private sealed record Known(byte[] Hash, Identity Identity, long At);
}
