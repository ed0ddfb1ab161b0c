using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Threeport.Certificates;
using Threeport.Host.Configuration;
using Threeport.Host.Tls;

namespace Threeport.Tests.Hosting;

public sealed class CertificateTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tp-").FullName;
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_authority_is_made_once_and_signs_nothing_but_servers()
    {
        using var first = Open();
        using var again = Open();
        using var server = again.IssueServer(["localhost", "127.0.0.1", "::1"], _time);

        Assert.That(again.Pem, Is.EqualTo(first.Pem));
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509Certificate2.CreateFromPem(first.Pem) },
            },
        };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(chain.Build(server), Is.True);
            Assert.That(server.MatchesHostname("localhost"));
            Assert.That(server.MatchesHostname("127.0.0.1"));
            Assert.That(server.MatchesHostname("example.com"), Is.False);
            Assert.That(
                server.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority,
                Is.False
            );
            Assert.That(
                server.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages,
                Is.EqualTo(X509KeyUsageFlags.DigitalSignature)
            );
        }
    }

    [Test]
    public void The_server_certificate_is_replaced_before_it_ends()
    {
        using var authority = Open();
        var settings = HostSettings.From(new ConfigurationBuilder().Build(), []);
        using var certificate = new ServerCertificate(
            settings,
            authority,
            _time,
            NullLogger<ServerCertificate>.Instance
        );
        var first = certificate.Current;

        certificate.Renew();
        Assert.That(certificate.Current, Is.SameAs(first));

        _time.Advance(TimeSpan.FromDays(21));
        certificate.Renew();
        Assert.That(certificate.Current.NotAfter, Is.GreaterThan(first.NotAfter));
    }

    private CertificateAuthority Open() =>
        CertificateFiles.Open(Path.Combine(_folder, "ca.crt"), Path.Combine(_folder, "ca.key"), _time);
}
