using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Threeport.Certificates;
using Threeport.IntegrationTests.Server;

namespace Threeport.IntegrationTests.Access;

/// <summary>Client certificates from their issue to their end.</summary>
public sealed class CertificateTests
{
    private HttpApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await HttpApi.SharedAsync();

    [Test]
    public async Task A_certificate_is_issued_renews_itself_and_is_revoked()
    {
        var (request, key) = SigningRequest.Make();
        var (status, issued, _) = await IssueAsync(
            new()
            {
                ["csr"] = request,
                ["name"] = "carol",
                ["roles"] = new JsonArray("viewer"),
            }
        );
        Assert.That(status, Is.EqualTo(201), issued!.ToJsonString());
        using var certificate = X509Certificate2.CreateFromPem((string)issued["certificate"]!, key);
        using var carol = _api.SecureClient(certificate);
        Assert.That(await NameAsync(carol), Is.EqualTo("carol"));

        var (renewalRequest, renewedKey) = SigningRequest.Make();
        var (_, renewed, _) = await IssueAsync(new() { ["csr"] = renewalRequest }, carol);
        using var next = X509Certificate2.CreateFromPem((string)renewed!["certificate"]!, renewedKey);
        using var carolStill = _api.SecureClient(next);
        Assert.That(await NameAsync(carolStill), Is.EqualTo("carol"));

        Assert.That((await _api.SendAsync("DELETE", $"/v0/certificates/{issued["id"]}")).Status, Is.EqualTo(204));
        // On the connection that was made before, too.
        Assert.That((await _api.SendAsync("GET", "/v0/auth", client: carol)).Status, Is.EqualTo(401));
        Assert.That(await NameAsync(carolStill), Is.EqualTo("carol"));
    }

    [Test]
    public async Task A_certificate_does_not_renew_itself_into_another()
    {
        var (request, key) = SigningRequest.Make();
        var (_, issued, _) = await IssueAsync(
            new()
            {
                ["csr"] = request,
                ["name"] = "dave",
                ["roles"] = new JsonArray("viewer"),
            }
        );
        using var certificate = X509Certificate2.CreateFromPem((string)issued!["certificate"]!, key);
        using var dave = _api.SecureClient(certificate);
        var wanted = new JsonObject
        {
            ["csr"] = SigningRequest.Make().Request,
            ["name"] = "dave",
            ["roles"] = new JsonArray("admin"),
        };
        Assert.That((await IssueAsync(wanted, dave)).Status, Is.EqualTo(403));
    }

    [TestCase("""{"name": "a", "roles": ["viewer"]}""", "/csr")]
    [TestCase("""{"name": "a", "roles": ["viewer"], "csr": "hello"}""", "/csr")]
    [TestCase("""{"roles": ["viewer"], "csr": "hello"}""", "/name")]
    [TestCase("""{"name": "a", "roles": ["viewer"], "csr": "hello", "expiresIn": "91d"}""", "/expiresIn")]
    public async Task A_wrong_request_is_refused(string body, string pointer)
    {
        var (status, problem, _) = await _api.SendAsync("POST", "/v0/certificates", body);
        Assert.That((status, (string?)problem!["errors"]![0]!["pointer"]), Is.EqualTo((400, pointer)));
    }

    [Test]
    public async Task A_weak_key_is_refused()
    {
        using var weak = System.Security.Cryptography.RSA.Create(1024);
        var request = new CertificateRequest(
            "CN=weak",
            weak,
            System.Security.Cryptography.HashAlgorithmName.SHA256,
            System.Security.Cryptography.RSASignaturePadding.Pkcs1
        );
        var (status, problem, _) = await IssueAsync(
            new()
            {
                ["csr"] = request.CreateSigningRequestPem(),
                ["name"] = "weak",
                ["roles"] = new JsonArray("viewer"),
            }
        );
        Assert.That((status, (string?)problem!["errors"]![0]!["pointer"]), Is.EqualTo((400, "/csr")));
    }

    private Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> IssueAsync(
        JsonObject body,
        HttpClient? client = null
    ) => _api.SendAsync("POST", "/v0/certificates", body.ToJsonString(), client: client);

    private async Task<string?> NameAsync(HttpClient client) =>
        (string?)(await _api.SendAsync("GET", "/v0/auth", client: client)).Body!["name"];
}
