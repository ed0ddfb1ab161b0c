using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Access;

/// <summary>Turns what a request proves into a caller.</summary>
internal sealed class Authenticator(
    Tokens tokens,
    OidcIssuers issuers,
    ClientCertificates certificates,
    AccessPolicy policy
)
{
    public const string Advice = "Send Authorization: Bearer <token>, or a client certificate.";
    private const string Scheme = "Bearer ";

    /// <exception cref="ProblemException">401: it proves nothing.</exception>
    public async ValueTask<(Identity Identity, Caller Caller)> AuthenticateAsync(HttpContext context)
    {
        var identity = await IdentifyAsync(context);
        var bound = await policy.BoundAsync(identity, context.RequestAborted);
        return (identity, identity.Caller(bound, context.Connection.RemoteIpAddress?.ToString() ?? "unknown"));
    }

    private async ValueTask<Identity> IdentifyAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return await OfConnectionAsync(context) ?? throw new ProblemException(Problems.Unauthenticated(Advice));
        }

        var token = header[Scheme.Length..].Trim();
        return await tokens.VerifyAsync(token, context.RequestAborted)
            ?? await issuers.VerifyAsync(token, context.RequestAborted)
            ?? throw new ProblemException(
                Problems.Unauthenticated("The token is not valid, was revoked, or has expired.")
            );
    }

    /// <summary>A certificate is looked at once a connection, and asked after with every request.</summary>
    /// <returns>Null when the client showed none.</returns>
    /// <exception cref="ProblemException">401: it showed one that is not good.</exception>
    private async ValueTask<Identity?> OfConnectionAsync(HttpContext context)
    {
        if (context.Connection.ClientCertificate is not { } certificate)
        {
            return null;
        }

        var remembered = context.Features.Get<IConnectionItemsFeature>()?.Items;
        var known = remembered?.TryGetValue(typeof(Identity), out var item) is true ? item as Identity : null;
        var identity = known ?? certificates.Verify(certificate);
        if (identity is null || !await certificates.IsStillGoodAsync(identity, context.RequestAborted))
        {
            throw new ProblemException(
                Problems.Unauthenticated(
                    "The client certificate was not issued by this control plane, was revoked, or is not in its time."
                )
            );
        }

        remembered?[typeof(Identity)] = identity;
        return identity;
    }
}
