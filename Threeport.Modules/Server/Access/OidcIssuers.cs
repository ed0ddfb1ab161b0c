using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Threeport.Runtime;

namespace Threeport.Server.Access;

/// <summary>The OpenID Connect issuers that are configured.</summary>
internal sealed class OidcIssuers(IConfiguration configuration, KindCatalog kinds) : IDisposable
{
    /// <summary>In characters; what fits into the headers that are taken.</summary>
    private const int MaxLength = 16 * 1024;

    private readonly List<OidcIssuer> _issuers =
    [
        .. OidcSettings.Read(configuration, kinds).Select(static s => new OidcIssuer(s)),
    ];

    /// <returns>Who it is; null when it is no token of an issuer that is configured.</returns>
    public async ValueTask<Identity?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (_issuers.Count == 0 || Read(token) is not { } read || _issuers.Find(i => i.Claims(read)) is not { } issuer)
        {
            return null;
        }

        return await issuer.VerifyAsync(token, cancellationToken);
    }

    public void Dispose() => _issuers.ForEach(static i => i.Dispose());

    private static JsonWebToken? Read(string token)
    {
        try
        {
            return token.Length <= MaxLength && token.Count(static c => c == '.') == 2 ? new(token) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
