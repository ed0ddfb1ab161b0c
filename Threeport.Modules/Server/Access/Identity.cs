using Threeport.Runtime;

namespace Threeport.Server.Access;

/// <summary>Who a credential says that its bearer is, before role bindings are looked at.</summary>
/// <param name="Name">The user's, <c>controller:remote</c>, <c>agent:local</c>.</param>
/// <param name="Roles">Those that the credential itself gives.</param>
internal sealed record Identity(string Name, IReadOnlyList<string> Roles)
{
    /// <summary>Groups by which role bindings may name it.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    public const string ByToken = "token";
    public const string ByCertificate = "certificate";
    public const string ByOidc = "oidc";

    /// <summary>What was shown: token, certificate, oidc.</summary>
    public string Means { get; init; } = ByToken;

    /// <summary>When the credential stops being one.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What was issued here goes by this; null for what another issuer gave.</summary>
    public string? CredentialId { get; init; }

    /// <summary>As the API layer sees it, with the roles that bindings add.</summary>
    public Caller Caller(IEnumerable<string> bound, string from) => new(Name, [.. Roles.Union(bound)]) { From = from };
}

/// <summary>Names of users and groups.</summary>
internal static class Subject
{
    /// <summary>In characters; an issuer's subjects are up to 255 (OpenID Connect Core 1.0, section 2).</summary>
    public const int MaxLength = 256;
}
