using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>A certificate for servers of the tests on this machine, which is its own authority.</summary>
internal static class TestCertificate
{
    /// <returns>With its private key, an RSA one.</returns>
    public static X509Certificate2 Create()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=threeport-test",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(1));
    }
}
