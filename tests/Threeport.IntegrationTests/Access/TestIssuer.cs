using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Access;

/// <summary>An OpenID Connect issuer as far as one that verifies tokens sees it: its configuration and its keys, over HTTP.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<RSA> _keys = [RSA.Create(2048)];

    private TestIssuer(WebApplication app, string address) => (_app, Address) = (app, address);

    public string Address { get; }

    /// <summary>How often its keys were asked for.</summary>
    public int Asked { get; private set; }

    public static async Task<TestIssuer> StartAsync()
    {
        var address = $"http://127.0.0.1:{Machine.FreePort()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address);
        var app = builder.Build();
        var issuer = new TestIssuer(app, address);
        app.MapGet(
            "/.well-known/openid-configuration",
            () =>
                Results.Text(
                    new JsonObject { ["issuer"] = address, ["jwks_uri"] = $"{address}/keys" }.ToJsonString(),
                    "application/json"
                )
        );
        app.MapGet("/keys", () => Results.Text(issuer.Keys(), "application/json"));
        await app.StartAsync();
        return issuer;
    }

    /// <summary>A token with these claims, signed by the newest key.</summary>
    public string Token(
        Dictionary<string, object> claims,
        string audience = "threeport",
        TimeSpan? lifetime = null,
        string? issuer = null,
        SigningCredentials? signing = null
    )
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var span = lifetime ?? TimeSpan.FromMinutes(5);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = issuer ?? Address,
                Audience = audience,
                Claims = claims,
                NotBefore = now.AddHours(-1),
                Expires = now + span,
                SigningCredentials =
                    signing ?? new(new RsaSecurityKey(_keys[^1]) { KeyId = $"{_keys.Count}" }, "RS256"),
            }
        );
    }

    public void Rotate() => _keys.Add(RSA.Create(2048));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _keys.ForEach(static k => k.Dispose());
    }

    private string Keys()
    {
        Asked++;
        var keys = _keys.Select(
            static (key, i) =>
            {
                var parameters = key.ExportParameters(includePrivateParameters: false);
                return (JsonNode)
                    new JsonObject
                    {
                        ["kty"] = "RSA",
                        ["use"] = "sig",
                        ["kid"] = $"{i + 1}",
                        ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
                        ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
                    };
            }
        );
        return new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString();
    }
}
