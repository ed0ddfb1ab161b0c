using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Access;

/// <summary>Tokens of an OpenID Connect issuer, beside our own credentials.</summary>
public sealed class OidcTests
{
    private static readonly string Away = $"http://127.0.0.1:{Machine.FreePort()}";
    private TestIssuer _issuer = null!;
    private HostProcess _host = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _host = await HostProcess.StartAsync(
            environment: new Dictionary<string, string?>
            {
                ["THREEPORT_OIDC__0__ISSUER"] = _issuer.Address,
                ["THREEPORT_OIDC__0__AUDIENCE"] = "threeport",
                ["THREEPORT_OIDC__0__NAME_CLAIM"] = "email",
                ["THREEPORT_OIDC__0__ROLES__platform"] = "operator",
                ["THREEPORT_OIDC__1__ISSUER"] = Away,
                ["THREEPORT_OIDC__1__AUDIENCE"] = "threeport",
            }
        );
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Test]
    public async Task A_token_says_who_its_claims_say_and_its_groups_give_roles()
    {
        var me = await AskAsync(_issuer.Token(Claims("ivan@example.org", "platform", "people")));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)me!["name"], Is.EqualTo("oidc:ivan@example.org"));
            Assert.That(me["roles"]!.ToJsonString(), Is.EqualTo("""["operator"]"""));
            Assert.That(me["groups"]!.ToJsonString(), Is.EqualTo("""["platform","people"]"""));
            Assert.That((string?)me["means"], Is.EqualTo("oidc"));
        }
    }

    [Test]
    public async Task A_binding_gives_a_role_to_a_group()
    {
        var token = _issuer.Token(Claims("judy@example.org", "auditors"));
        Assert.That(await StatusAsync(token, "/v0/workload-instances"), Is.EqualTo(HttpStatusCode.Forbidden));
        using var body = new StringContent(
            """{"spec": {"role": "viewer", "groups": ["auditors"]}}""",
            Encoding.UTF8,
            "application/json"
        );
        using (await _host.Client.PutAsync("/v0/role-bindings/auditors", body)) { }

        Assert.That(await StatusAsync(token, "/v0/workload-instances"), Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("another audience")]
    [TestCase("another issuer")]
    [TestCase("expired")]
    [TestCase("another key")]
    [TestCase("a secret of ours")]
    [TestCase("no signature")]
    [TestCase("changed")]
    [TestCase("no name")]
    public async Task A_token_that_is_not_what_it_says_is_none(string which)
    {
        var claims = Claims("mallory@example.org", "platform");
        using var foreign = RSA.Create(2048);
        var good = _issuer.Token(claims);
        var token = which switch
        {
            "another audience" => _issuer.Token(claims, audience: "somebody-else"),
            "another issuer" => _issuer.Token(claims, issuer: "https://issuer.example.org"),
            "expired" => _issuer.Token(claims, lifetime: TimeSpan.FromMinutes(-5)),
            "another key" => _issuer.Token(claims, signing: new(new RsaSecurityKey(foreign) { KeyId = "1" }, "RS256")),
            "a secret of ours" => _issuer.Token(
                claims,
                signing: new(new SymmetricSecurityKey(new byte[32]) { KeyId = "1" }, "HS256")
            ),
            "no signature" => $"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{good.Split('.')[1]}.",
            "changed" => $"{good.Split('.')[0]}.{Promoted(good)}.{good.Split('.')[2]}",
            _ => _issuer.Token([]),
        };
        Assert.That(await StatusAsync(token, "/v0/auth"), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task While_an_issuer_is_away_its_tokens_are_told_to_come_again_and_others_work()
    {
        var claims = Claims("lena@example.org", "platform");
        Assert.That(
            await StatusAsync(_issuer.Token(claims, issuer: Away), "/v0/auth"),
            Is.EqualTo(HttpStatusCode.ServiceUnavailable)
        );
        Assert.That(await StatusAsync(_issuer.Token(claims), "/v0/auth"), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_key_that_the_issuer_makes_later_is_found()
    {
        await AskAsync(_issuer.Token(Claims("ken@example.org")));
        _issuer.Rotate();
        var token = _issuer.Token(Claims("ken@example.org"));
        await Eventually.TrueAsync(
            "the new key is known",
            async () => await StatusAsync(token, "/v0/auth") == HttpStatusCode.OK,
            TimeSpan.FromSeconds(45)
        );
    }

    private static Dictionary<string, object> Claims(string email, params string[] groups) =>
        new() { ["email"] = email, ["groups"] = groups };

    private static string Promoted(string token)
    {
        var payload = JsonNode.Parse(Base64UrlEncoder.Decode(token.Split('.')[1]))!;
        payload["email"] = "admin@example.org";
        return Base64UrlEncoder.Encode(payload.ToJsonString());
    }

    private async Task<HttpStatusCode> StatusAsync(string token, string path)
    {
        using var client = _host.CreateClient(token);
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }

    private async Task<JsonNode?> AskAsync(string token)
    {
        using var client = _host.CreateClient(token);
        using var answer = await client.GetAsync("/v0/auth");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        return JsonNode.Parse(text);
    }
}
