using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Threeport.Runtime;
using Threeport.Server.Storage;

namespace Threeport.Server.Access;

/// <summary>
/// Bearer tokens: <c>tp1.&lt;payload&gt;.&lt;HMAC-SHA256&gt;</c>. They say who and until when, and are checked without a look-up;
/// the key is in the database, so that every API replica takes what another one issued.
/// </summary>
public sealed class Tokens(NpgsqlDataSource database, TimeProvider time) : IDisposable
{
    private const string Version = "tp1";
    private const string Setting = "token-key";
    private readonly SemaphoreSlim _loading = new(1, 1);
    private byte[]? _key;

    /// <summary>A token for this caller until then.</summary>
    public async Task<string> IssueAsync(Caller caller, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var payload = Base64Url.EncodeToString(
            JsonSerializer.SerializeToUtf8Bytes(new Payload(caller.Name, caller.Role, expiresAt.ToUnixTimeSeconds()))
        );
        return $"{Version}.{payload}.{Sign(payload, await KeyAsync(cancellationToken))}";
    }

    /// <returns>Who it is; null when the token is not one of ours, or has expired.</returns>
    public async Task<Caller?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Split('.') is not [Version, var payload, var signature] || token.Length > 1_024)
        {
            return null;
        }

        var expected = System.Text.Encoding.ASCII.GetBytes(Sign(payload, await KeyAsync(cancellationToken)));
        if (!CryptographicOperations.FixedTimeEquals(expected, System.Text.Encoding.UTF8.GetBytes(signature)))
        {
            return null;
        }

        var said = JsonSerializer.Deserialize<Payload>(Base64Url.DecodeFromChars(payload))!;
        return said.Expires > time.GetUtcNow().ToUnixTimeSeconds() ? new(said.Name, said.Role) : null;
    }

    public void Dispose() => _loading.Dispose();

    private static string Sign(string payload, byte[] key) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes(payload)));

    private async Task<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        if (_key is { } known)
        {
            return known;
        }

        await _loading.WaitAsync(cancellationToken);
        try
        {
            return _key ??= await LoadAsync(cancellationToken);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>The first replica makes it; two at once agree on the one that was stored.</summary>
    private async Task<byte[]> LoadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            with made as (insert into {Tables.Settings} (name, value) values ('{Setting}', $1) on conflict do nothing returning value)
            select value from made union all select value from {Tables.Settings} where name = '{Setting}' limit 1
            """
        );
        command.Parameters.Add(new() { Value = RandomNumberGenerator.GetBytes(32) });
        return await command.ExecuteScalarAsync(cancellationToken) as byte[]
            // Another replica committed between the two halves of the statement: it is there now.
            ?? await LoadAsync(cancellationToken);
    }

    private sealed record Payload(string Name, string Role, long Expires);
}
