using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Threeport.Kubernetes;

namespace Threeport.Tests.Kubernetes;

public sealed class KubeconfigTests
{
    private static readonly (string Certificate, string Key) Pair = MakePair();

    private static readonly string Valid = $$"""
        apiVersion: v1
        kind: Config
        preferences: {}
        clusters:
        - name: other
          cluster: {server: "https://elsewhere:6443", certificate-authority: /etc/passwd}
        - name: test
          cluster:
            server: https://127.0.0.1:6443
            certificate-authority-data: {{Base64(Pair.Certificate)}}
            tls-server-name: kubernetes
        users:
        - name: admin
          user:
            token: secret-token
        - name: cert
          user:
            client-certificate-data: {{Base64(Pair.Certificate)}}
            client-key-data: {{Base64(Pair.Key)}}
        contexts:
        - name: test
          context: {cluster: test, user: admin, namespace: x}
        - name: cert
          context: {cluster: test, user: cert}
        current-context: test
        """;

    [Test]
    public void The_current_context_is_read()
    {
        var connection = Kubeconfig.Parse(Valid);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(connection.Server, Is.EqualTo(new Uri("https://127.0.0.1:6443")));
            Assert.That(connection.Token, Is.EqualTo("secret-token"));
            Assert.That(connection.CaCertificate, Is.EqualTo(Pair.Certificate));
            Assert.That(connection.TlsServerName, Is.EqualTo("kubernetes"));
            Assert.That(connection.ToString(), Does.Not.Contain("secret"));
        }
    }

    [Test]
    public void A_client_certificate_is_read()
    {
        var connection = Kubeconfig.Parse(With("current-context: test", "current-context: cert"));
        Assert.That((connection.Certificate, connection.CertificateKey), Is.EqualTo((Pair.Certificate, Pair.Key)));
    }

    [TestCase(
        "token: secret-token",
        "exec: {command: touch, args: [/tmp/x]}",
        "users[0].user.exec: commands are not run"
    )]
    [TestCase("token: secret-token", "auth-provider: {name: gcp}", "users[0].user.auth-provider: commands are not run")]
    [TestCase("token: secret-token", "tokenFile: /etc/shadow", "users[0].user.tokenFile: files are not read")]
    [TestCase("token: secret-token", "client-certificate: /x", "users[0].user.client-certificate: files are not read")]
    [TestCase("token: secret-token", "client-key: /x", "users[0].user.client-key: files are not read")]
    [TestCase("token: secret-token", "username: a\n    password: b", "users[0].user.username: basic authentication")]
    [TestCase("token: secret-token", "token: a\n    as: root", "users[0].user.as: impersonation")]
    [TestCase("token: secret-token", "token: a\n    new-thing: b", "users[0].user.new-thing: not a known field")]
    [TestCase("token: secret-token", "token: 'a b'", "users[0].user.token: must be 1 to 16384 visible")]
    [TestCase("token: secret-token", "token: 12", "users[0].user.token: must be a string")]
    [TestCase("token: secret-token", "extensions: []", "users[0].user: needs token, or client-certificate-data")]
    [TestCase(
        "token: secret-token",
        "client-certificate-data: QQ==",
        "users[0].user.client-certificate-data: a client certificate and its key come together"
    )]
    [TestCase(
        "tls-server-name: kubernetes",
        "certificate-authority: /x",
        "clusters[1].cluster.certificate-authority: files are not read"
    )]
    [TestCase(
        "tls-server-name: kubernetes",
        "proxy-url: http://x",
        "clusters[1].cluster.proxy-url: proxies are not used"
    )]
    [TestCase(
        "tls-server-name: kubernetes",
        "insecure-skip-tls-verify: true",
        "clusters[1].cluster.insecure-skip-tls-verify: the server is always verified"
    )]
    [TestCase(
        "server: https://127.0.0.1:6443",
        "server: http://127.0.0.1:6443",
        "clusters[1].cluster.server: must be an https:// address"
    )]
    [TestCase(
        "server: https://127.0.0.1:6443",
        "server: https://169.254.169.254",
        "clusters[1].cluster.server: link-local"
    )]
    [TestCase(
        "server: https://127.0.0.1:6443",
        "server: https://[::ffff:169.254.169.254]",
        "clusters[1].cluster.server: link-local"
    )]
    [TestCase(
        "server: https://127.0.0.1:6443",
        "server: https://a:b@127.0.0.1",
        "clusters[1].cluster.server: must be an address without user"
    )]
    [TestCase(
        "server: https://127.0.0.1:6443",
        "server: /x",
        "clusters[1].cluster.server: must be an https:// address"
    )]
    [TestCase("current-context: test", "current-context: nope", "contexts: there is none named \"nope\"")]
    [TestCase("current-context: test", "", "current-context: needed, because there is not exactly one context")]
    [TestCase("current-context: test", "current-context: [1]", "current-context: must be a string")]
    [TestCase(
        "{cluster: test, user: admin, namespace: x}",
        "{cluster: nope, user: admin}",
        "clusters: there is none named \"nope\""
    )]
    [TestCase(
        "{cluster: test, user: admin, namespace: x}",
        "{user: admin}",
        "contexts[0].context.cluster: needed, a string"
    )]
    [TestCase("preferences: {}", "surprise: {}", "surprise: not a known field")]
    [TestCase("preferences: {}", "preferences: &a {}", "line 3: anchors are not allowed")]
    [TestCase("preferences: {}", "preferences: {a: 1, a: 2}", "line 3: the key \"a\" is there twice")]
    public void What_is_not_data_is_refused_by_name(string from, string to, string message)
    {
        var exception = Assert.Throws<KubeconfigException>(() => Kubeconfig.Parse(With(from, to)))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Message, Does.StartWith(message));
            Assert.That(exception.Message, Does.Not.Contain("secret-token"));
        }
    }

    [TestCase("")]
    [TestCase("hello")]
    [TestCase("a: 1\n---\nb: 2")]
    [TestCase("[1]")]
    [TestCase("clusters: 5\ncontexts: [{name: a, context: {cluster: a, user: b}}]")]
    [TestCase("contexts: [5]")]
    [TestCase("contexts: [{name: a, context: 5}]")]
    public void What_is_no_kubeconfig_is_refused(string text) =>
        Assert.Throws<KubeconfigException>(() => Kubeconfig.Parse(text));

    [Test]
    public void Size_has_a_limit() =>
        Assert.That(
            Assert.Throws<KubeconfigException>(() => Kubeconfig.Parse(Valid + new string('\n', 70_000)))!.Message,
            Does.Contain("at most 65536 are allowed")
        );

    [Test]
    public void A_key_of_another_certificate_is_refused()
    {
        var text = With(Base64(Pair.Key), Base64(MakePair().Key))
            .Replace("current-context: test", "current-context: cert", StringComparison.Ordinal);
        Assert.That(
            Assert.Throws<KubeconfigException>(() => Kubeconfig.Parse(text))!.Message,
            Does.Contain("must be PEM and belong together")
        );
    }

    private static string With(string from, string to)
    {
        Assert.That(Valid, Does.Contain(from));
        return Valid.Replace(from, to, StringComparison.Ordinal);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static (string Certificate, string Key) MakePair()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
