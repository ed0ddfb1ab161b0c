using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Threeport.Host.Tls;

/// <summary>The installation's own CA. It signs server certificates and nothing below it may sign.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LeafLifetime = TimeSpan.FromDays(30);

    /// <summary>So that a clock that is somewhat behind accepts it.</summary>
    private static readonly TimeSpan Backdate = TimeSpan.FromMinutes(5);

    private readonly X509Certificate2 _certificate;

    private CertificateAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>The certificate, PEM: what clients trust.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>Reads it from its files, or makes it and writes them.</summary>
    public static CertificateAuthority Open(string certificateFile, string keyFile, TimeProvider time)
    {
        if (!File.Exists(keyFile))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var made = Make(key, time.GetUtcNow());
            // The key last: where it is, the certificate is too.
            DataFolder.Write(certificateFile, made.ExportCertificatePem(), (UnixFileMode)0b110_100_100);
            DataFolder.Write(keyFile, key.ExportPkcs8PrivateKeyPem());
        }

        return new(X509Certificate2.CreateFromPemFile(certificateFile, keyFile));
    }

    /// <summary>A server certificate.</summary>
    /// <param name="names">Host names and addresses.</param>
    /// <param name="time">The clock.</param>
    public X509Certificate2 Issue(IReadOnlyList<string> names, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=threeport", key, HashAlgorithmName.SHA256);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        extensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        extensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        extensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
                _certificate,
                includeKeyIdentifier: true,
                includeIssuerAndSerial: false
            )
        );
        extensions.Add(Names(names));
        var now = time.GetUtcNow();
        var end = now + LeafLifetime;
        using var issued = request.Create(
            _certificate,
            now - Backdate,
            end < _certificate.NotAfter ? end : _certificate.NotAfter,
            Serial()
        );
        using var withKey = issued.CopyWithPrivateKey(key);
        // Through PKCS #12, so that the key lives as long as the certificate and not as long as this method.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }

    public void Dispose() => _certificate.Dispose();

    private static X509Certificate2 Make(ECDsa key, DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=threeport CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true)
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - Backdate, now + Lifetime);
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
