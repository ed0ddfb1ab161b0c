using Microsoft.Extensions.Configuration;
using Threeport.Runtime;

namespace Threeport.Server.Access;

/// <summary>An OpenID Connect issuer whose tokens are accepted; an entry of <c>Threeport:Oidc</c>.</summary>
internal sealed record OidcSettings
{
    private const string Section = "Threeport:Oidc";

    /// <summary>As it stands in <c>iss</c>; its keys are found by <c>/.well-known/openid-configuration</c> below it.</summary>
    public required Uri Issuer { get; init; }

    /// <summary>What must stand in <c>aud</c>: the client that this control plane is registered as.</summary>
    public required string Audience { get; init; }

    /// <summary>The claim that names the user.</summary>
    public required string NameClaim { get; init; }

    /// <summary>What stands before it, so that nobody is taken for one of ours, or of another issuer.</summary>
    public required string NamePrefix { get; init; }

    /// <summary>The claim that names the user's groups, for role bindings and <see cref="Roles"/>.</summary>
    public required string GroupsClaim { get; init; }

    /// <summary>The role that a group has, without a binding.</summary>
    public required IReadOnlyDictionary<string, string> Roles { get; init; }

    /// <summary>The CA of the issuer's certificate, PEM; null where the machine's own CAs will do.</summary>
    public string? CaFile { get; init; }

    /// <summary>All that are configured.</summary>
    /// <exception cref="SettingsException">One is not complete, or makes no sense.</exception>
    public static IReadOnlyList<OidcSettings> Read(IConfiguration configuration, KindCatalog kinds) =>
        [.. configuration.GetSection(Section).GetChildren().Select(s => Read(s, kinds))];

    private static OidcSettings Read(IConfigurationSection section, KindCatalog kinds)
    {
        var issuer = Required(section, "Issuer");
        var isAddress =
            Uri.TryCreate(issuer, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
        var roles = section
            .GetSection("Roles")
            .GetChildren()
            .ToDictionary(static r => r.Key, static r => r.Value ?? "", StringComparer.Ordinal);
        var unknown = roles.Values.FirstOrDefault(r => !BuiltInRoles.ForPeople.Contains(r) && !IsStored(r, kinds));
        return unknown is not null
                ? throw new SettingsException(
                    $"{section.Path}:Roles: \"{unknown}\" is no name of a role. Built in are {string.Join(", ", BuiltInRoles.ForPeople)}."
                )
            : isAddress
                ? new()
                {
                    Issuer = address!,
                    Audience = Required(section, "Audience"),
                    NameClaim = section["NameClaim"] ?? "sub",
                    NamePrefix = section["NamePrefix"] ?? "oidc:",
                    GroupsClaim = section["GroupsClaim"] ?? "groups",
                    Roles = roles,
                    CaFile = section["CaFile"],
                }
            : throw new SettingsException(
                $"{section.Path}:Issuer: \"{issuer}\" is no https address (http on loopback only)."
            );
    }

    /// <summary>One that may be made as a resource.</summary>
    private static bool IsStored(string role, KindCatalog kinds) =>
        Resources.Labels.IsName(role) && BuiltInRoles.Find(role, kinds) is null;

    private static string Required(IConfigurationSection section, string name) =>
        section[name] is { Length: > 0 } value
            ? value
            : throw new SettingsException($"{section.Path}:{name} is missing.");
}
