using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Access;

/// <summary>Verifies the tokens of one OpenID Connect issuer, with the keys that it publishes.</summary>
internal sealed class OidcIssuer : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Signatures that only the issuer can make: none by a secret that is shared, and not "none".</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly OidcSettings _settings;
    private readonly HttpClient _http;
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _keys;

    public OidcIssuer(OidcSettings settings)
    {
        _settings = settings;
        _http = new(Connections(settings.CaFile)) { Timeout = AnswerLimit, MaxResponseContentBufferSize = 1024 * 1024 };
        var issuer = settings.Issuer.ToString().TrimEnd('/');
        _keys = new(
            $"{issuer}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            // What is allowed was checked with the settings.
            new HttpDocumentRetriever(_http) { RequireHttps = settings.Issuer.Scheme == Uri.UriSchemeHttps }
        )
        {
            // Asked for a key that it does not know, it looks again, but not as often as somebody makes up keys.
            RefreshInterval = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Whether the token says that it is of this issuer; whether it is remains to be seen.</summary>
    public bool Claims(JsonWebToken token) => token.Issuer.TrimEnd('/') == _settings.Issuer.ToString().TrimEnd('/');

    /// <returns>Who it is; null when the token is not what it says.</returns>
    /// <exception cref="ProblemException">503: the issuer does not answer.</exception>
    public async Task<Identity?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        await RequireKeysAsync(cancellationToken);
        var result = await _handler.ValidateTokenAsync(
            token,
            new()
            {
                ConfigurationManager = _keys,
                IssuerValidator = (said, read, _) =>
                    Claims((JsonWebToken)read)
                        ? said
                        : throw new SecurityTokenInvalidIssuerException("It is another issuer's."),
                ValidAudience = _settings.Audience,
                ValidAlgorithms = Algorithms,
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                ClockSkew = Skew,
            }
        );
        return result.IsValid ? IdentityOf((JsonWebToken)result.SecurityToken) : null;
    }

    public void Dispose() => _http.Dispose();

    private async Task RequireKeysAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _keys.GetConfigurationAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new ProblemException(
                Problems.Unavailable($"The issuer {_settings.Issuer} does not answer. Try again in a moment.")
            );
        }
    }

    /// <returns>Null when the token does not name anybody, or somebody that it cannot be.</returns>
    private Identity? IdentityOf(JsonWebToken token)
    {
        var name = token.TryGetPayloadValue<string>(_settings.NameClaim, out var claimed) ? claimed : "";
        if (
            name.Length == 0
            || _settings.NamePrefix.Length + name.Length > Subject.MaxLength
            || name.Any(char.IsControl)
        )
        {
            return null;
        }

        var full = _settings.NamePrefix + name;
        if (Caller.ModuleOf(full) is not null || Caller.RuntimeOf(full) is not null || full == Caller.System.Name)
        {
            return null;
        }

        string[] groups = [.. token.Claims.Where(c => c.Type == _settings.GroupsClaim).Select(static c => c.Value)];
        return new(full, [.. groups.Select(g => _settings.Roles.GetValueOrDefault(g)).OfType<string>().Distinct()])
        {
            Groups = groups,
            Means = Identity.ByOidc,
            ExpiresAt = new DateTimeOffset(token.ValidTo, TimeSpan.Zero),
        };
    }

    private static SocketsHttpHandler Connections(string? caFile)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = AnswerLimit, AllowAutoRedirect = false };
        if (!string.IsNullOrEmpty(caFile))
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(caFile);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }
}
