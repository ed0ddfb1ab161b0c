using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Threeport.Certificates;

/// <summary>
/// A control plane's own CA: the root that its servers and clients trust. Keys are on P-256; what it signs may sign nothing, and a
/// server's certificate is no client's.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>How long a server's certificate is good for. It is made again long before.</summary>
    public static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(30);

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    /// <summary>So that a clock that is somewhat behind accepts it.</summary>
    private static readonly TimeSpan Backdate = TimeSpan.FromMinutes(5);

    private readonly X509Certificate2 _certificate;

    private CertificateAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>The certificate, PEM: what others trust.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A new one.</summary>
    /// <returns>Certificate and key, PEM.</returns>
    public static (string Certificate, string Key) Make(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=threeport CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true)
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        using var made = request.CreateSelfSigned(now - Backdate, now + Lifetime);
        return (made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>One that there is.</summary>
    /// <param name="certificate">PEM.</param>
    /// <param name="key">PEM, PKCS #8.</param>
    public static CertificateAuthority Of(string certificate, string key) =>
        new(X509Certificate2.CreateFromPem(certificate, key));

    /// <summary>A server's certificate, with its key.</summary>
    /// <param name="names">Host names and addresses.</param>
    /// <param name="time">The clock.</param>
    public X509Certificate2 IssueServer(IReadOnlyList<string> names, TimeProvider time) =>
        IssueServer(names, [CertificateUse.Server], time);

    /// <summary>The certificate of a server that also calls its peers, with its key; it says nothing of who may do what.</summary>
    /// <param name="names">Host names and addresses.</param>
    /// <param name="time">The clock.</param>
    public X509Certificate2 IssuePeer(IReadOnlyList<string> names, TimeProvider time) =>
        IssueServer(names, [CertificateUse.Server, CertificateUse.Client], time);

    private X509Certificate2 IssueServer(
        IReadOnlyList<string> names,
        IReadOnlyList<CertificateUse> uses,
        TimeProvider time
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Leaf(new X500DistinguishedName("CN=threeport"), new PublicKey(key), uses);
        request.CertificateExtensions.Add(Names(names));
        using var issued = Sign(request, ServerLifetime, time);
        using var withKey = issued.CopyWithPrivateKey(key);
        // Through PKCS #12, so that the key lives as long as the certificate and not as long as this method.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }

    /// <summary>A client's certificate, for a key that only the client has.</summary>
    /// <param name="key">Its public half.</param>
    /// <param name="subject">Who the client is.</param>
    /// <param name="lifetime">How long it is good for.</param>
    /// <param name="time">The clock.</param>
    public X509Certificate2 IssueClient(PublicKey key, ClientSubject subject, TimeSpan lifetime, TimeProvider time) =>
        Sign(Leaf(subject.ToDistinguishedName(), key, [CertificateUse.Client]), lifetime, time);

    /// <summary>Whether this CA issued it, for this use, and it is in its time.</summary>
    public bool Issued(X509Certificate2 certificate, CertificateUse use, TimeProvider time)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(use.Oid);
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        return chain.Build(certificate);
    }

    /// <inheritdoc />
    public void Dispose() => _certificate.Dispose();

    private static CertificateRequest Leaf(
        X500DistinguishedName name,
        PublicKey key,
        IReadOnlyList<CertificateUse> uses
    )
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        extensions.Add(new X509EnhancedKeyUsageExtension([.. uses.Select(static u => u.Oid)], critical: false));
        extensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        return request;
    }

    private X509Certificate2 Sign(CertificateRequest request, TimeSpan lifetime, TimeProvider time)
    {
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
                _certificate,
                includeKeyIdentifier: true,
                includeIssuerAndSerial: false
            )
        );
        var now = time.GetUtcNow();
        var end = now + lifetime;
        return request.Create(
            _certificate,
            now - Backdate,
            end < _certificate.NotAfter ? end : _certificate.NotAfter,
            Serial()
        );
    }

    private static X509Extension Names(IReadOnlyList<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName(name);
            }
        }

        return builder.Build();
    }

    /// <summary>128 random bits, positive.</summary>
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x01);
        return serial;
    }
}
