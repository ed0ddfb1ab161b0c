using FastEndpoints;
using Threeport.Server.Access;

namespace Threeport.Server.Endpoints;

/// <summary><c>GET /v0/auth</c>: who asks, and what he may do.</summary>
internal sealed class AuthEndpoint(Rights rights) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Get("/v0/auth");
        AllowAnonymous();
    }

    public override Task HandleAsync(CancellationToken ct)
    {
        var caller = CallerAuthentication.CallerOf(HttpContext);
        RequestQuery.Require(HttpContext);
        var identity = CallerAuthentication.IdentityOf(HttpContext);
        return Answers.WriteAsync(
            HttpContext,
            new WhoAmI(
                caller.Name,
                caller.Roles,
                identity.Groups,
                identity.Means,
                identity.CredentialId,
                identity.ExpiresAt,
                rights.Of(caller)
            )
        );
    }
}

/// <summary>The answer.</summary>
/// <param name="Name">As it stands in the history.</param>
/// <param name="Roles">Those of the credential, and those that bindings add.</param>
/// <param name="Groups">By which bindings may name the caller.</param>
/// <param name="Means">token, certificate or oidc.</param>
/// <param name="CredentialId">By which it can be revoked; null for what another issuer gave.</param>
/// <param name="ExpiresAt">When the credential stops being one.</param>
/// <param name="Rights">Verbs by kind or subsystem.</param>
internal sealed record WhoAmI(
    string Name,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Groups,
    string Means,
    string? CredentialId,
    DateTimeOffset? ExpiresAt,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Rights
);
