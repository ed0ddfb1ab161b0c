using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;
using Threeport.Api;
using Threeport.Certificates;
using Threeport.Server.Storage;

namespace Threeport.Server.Access;

/// <summary>
/// Client certificates: what this control plane issued, and what of it was taken back. A certificate needs no look-up; which are
/// revoked is read every <see cref="AccessPolicy.LookEvery"/>.
/// </summary>
public sealed class ClientCertificates(
    PrimaryDatabase database,
    TimeProvider time,
    CertificateAuthority? authority = null
)
{
    /// <summary>Null until it was read: until then no certificate is good.</summary>
    private volatile FrozenSet<string>? _revoked;

    /// <summary>Whether the process has a CA, and so speaks TLS.</summary>
    public bool IsAvailable => authority is not null;

    /// <summary>The CA, PEM.</summary>
    public string CaPem => Required().Pem;

    /// <summary>A certificate for a key that only the client has.</summary>
    public async Task<X509Certificate2> IssueAsync(
        PublicKey key,
        ClientSubject subject,
        TimeSpan lifetime,
        string issuedBy,
        CancellationToken cancellationToken
    )
    {
        var certificate = Required().IssueClient(key, subject, lifetime, time);
        await using var command = database.CreateCommand(
            $"""
            insert into {Tables.Certificates} (id, name, roles, issued_by, issued_at, expires_at)
            values ($1, $2, $3, $4, clock_timestamp(), $5)
            """
        );
        command.Parameters.Add(new() { Value = IdOf(certificate) });
        command.Parameters.Add(new() { Value = subject.Name });
        command.Parameters.Add(new() { Value = subject.Roles.ToArray() });
        command.Parameters.Add(new() { Value = issuedBy });
        command.Parameters.Add(new() { Value = certificate.NotAfter.ToUniversalTime() });
        // Stored before it is given out: what is not in the table could not be found to be revoked.
        await command.ExecuteNonQueryAsync(cancellationToken);
        return certificate;
    }

    /// <summary>Whether it is a certificate of this CA and this subject that is good until then at least.</summary>
    public async Task<bool> IsOfAsync(
        ClientSubject subject,
        X509Certificate2 certificate,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        Verify(certificate) is { } identity
        && await IsStillGoodAsync(identity, cancellationToken)
        && identity.Name == subject.Name
        && identity.Roles.SequenceEqual(subject.Roles)
        && identity.ExpiresAt >= until;

    /// <returns>Who it is; null when it is not of our CA, not a client's, out of its time, or revoked.</returns>
    internal Identity? Verify(X509Certificate2 certificate)
    {
        if (authority is null || !authority.Issued(certificate, CertificateUse.Client, time))
        {
            return null;
        }

        return ClientSubject.Of(certificate) is { } subject
            ? new(subject.Name, subject.Roles)
            {
                Groups = subject.Groups,
                Means = Identity.ByCertificate,
                ExpiresAt = certificate.NotAfter.ToUniversalTime(),
                CredentialId = IdOf(certificate),
            }
            : null;
    }

    /// <summary>Whether what was good when the connection was made still is.</summary>
    /// <remarks>After a start it waits for the database: what was revoked before must not work for a moment.</remarks>
    internal async ValueTask<bool> IsStillGoodAsync(Identity identity, CancellationToken cancellationToken)
    {
        if (_revoked is null)
        {
            await LoadAsync(cancellationToken);
        }

        return identity.ExpiresAt > time.GetUtcNow() && !_revoked!.Contains(identity.CredentialId!);
    }

    /// <summary>Those that have not expired, newest first.</summary>
    internal Task<IReadOnlyList<IssuedCredential>> ListAsync(CancellationToken cancellationToken) =>
        IssuedCredential.ListAsync(database, Tables.Certificates, cancellationToken);

    /// <summary>
    /// Takes one back. One that is not in the table is noted all the same: the first administrator's was made before there was one.
    /// </summary>
    public async Task RevokeAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            insert into {Tables.Certificates} (id, name, roles, issued_by, issued_at, expires_at, revoked_at)
            values ($1, '', array[]::text[], '', clock_timestamp(), 'infinity', clock_timestamp())
            on conflict (id) do update set revoked_at = coalesce({Tables.Certificates}.revoked_at, clock_timestamp())
            """
        );
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(cancellationToken);
        await LoadAsync(cancellationToken);
    }

    /// <summary>Reads which are revoked.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select id from {Tables.Certificates} where revoked_at is not null and expires_at > clock_timestamp()"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var revoked = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            revoked.Add(reader.GetString(0));
        }

        _revoked = revoked.ToFrozenSet(StringComparer.Ordinal);
    }

    private CertificateAuthority Required() =>
        authority
        ?? throw new ProblemException(
            Problems.Conflict("This control plane has no CA, because it does not serve HTTPS. Use tokens.")
        );

    private static string IdOf(X509Certificate2 certificate) => certificate.SerialNumber.ToLowerInvariant();
}
