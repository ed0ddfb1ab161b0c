using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Threeport.AwsServer.Clusters;

/// <summary>The certificate authority of a cluster, and the certificate of its endpoint.</summary>
/// <param name="Authority">PEM.</param>
/// <param name="Server">With its key.</param>
internal sealed record ClusterCertificate(string Authority, X509Certificate2 Server) : IDisposable
{
    public static ClusterCertificate Create(string host)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=kubernetes", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true)
        );
        authority.CertificateExtensions.Add(
            new X509SubjectKeyIdentifierExtension(authority.PublicKey, critical: false)
        );
        using var issuer = authority.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=kube-apiserver", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(IPAddress.TryParse(host, out var ip) ? "localhost" : host);
        names.AddIpAddress(ip ?? IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        server.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], critical: false)
        );
        using var signed = server.Create(issuer, now.AddDays(-1), now.AddYears(5), RandomNumberGenerator.GetBytes(16));
        return new(issuer.ExportCertificatePem(), signed.CopyWithPrivateKey(serverKey));
    }

    public void Dispose() => Server.Dispose();
}
