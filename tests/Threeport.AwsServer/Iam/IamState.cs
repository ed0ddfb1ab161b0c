using Threeport.AwsServer.State;

namespace Threeport.AwsServer.Iam;

/// <summary>The IAM of an account.</summary>
internal sealed class IamState
{
    public OrderedDictionary<string, Role> Roles { get; } = [];

    /// <summary>Those of the customer, by ARN.</summary>
    public OrderedDictionary<string, Policy> Policies { get; } = [];

    /// <summary>By ARN.</summary>
    public OrderedDictionary<string, OidcProvider> OidcProviders { get; } = [];

    public OrderedDictionary<string, InstanceProfile> InstanceProfiles { get; } = [];

    public OrderedDictionary<string, User> Users { get; } = [];

    /// <returns>The role of that ARN, once it is known everywhere.</returns>
    public Role? Role(string arn, DateTimeOffset now) =>
        Roles.Values.FirstOrDefault(role => role.Arn == arn && role.Visible <= now);
}

/// <summary>What IAM has: made at some time, known everywhere from another.</summary>
internal abstract class IamEntity(string arn, string id, DateTimeOffset created, DateTimeOffset visible)
{
    public string Arn => arn;

    public string Id => id;

    public DateTimeOffset Created => created;

    public DateTimeOffset Visible => visible;

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
}

internal sealed class Role(string account, string path, string name, DateTimeOffset created, DateTimeOffset visible)
    : IamEntity($"arn:aws:iam::{account}:role{path}{name}", Ids.Iam("AROA"), created, visible)
{
    public string Path => path;

    public string Name => name;

    public required TrustPolicy Trust { get; set; }

    public string? Description { get; set; }

    public string? PermissionsBoundary { get; set; }

    public int MaxSessionSeconds { get; set; } = 3600;

    /// <summary>ARNs of attached policies.</summary>
    public List<string> Attached { get; } = [];

    /// <summary>Inline policies: documents by name.</summary>
    public OrderedDictionary<string, string> Inline { get; } = [];
}

internal sealed class Policy(string account, string path, string name, DateTimeOffset created, DateTimeOffset visible)
    : IamEntity($"arn:aws:iam::{account}:policy{path}{name}", Ids.Iam("ANPA"), created, visible)
{
    public string Path => path;

    public string Name => name;

    public string? Description { get; init; }

    public OrderedDictionary<string, PolicyVersion> Versions { get; } = [];

    public string DefaultVersion { get; set; } = "v1";

    /// <summary>How many there ever were.</summary>
    public int LastVersion { get; set; } = 1;
}

internal sealed record PolicyVersion(string Document, DateTimeOffset Created);

internal sealed class OidcProvider(string account, string url, DateTimeOffset created, DateTimeOffset visible)
    : IamEntity($"arn:aws:iam::{account}:oidc-provider/{url}", url, created, visible)
{
    /// <summary>Without its scheme.</summary>
    public string Url => Id;

    public List<string> Clients { get; } = [];

    public List<string> Thumbprints { get; } = [];
}

internal sealed class InstanceProfile(string account, string path, string name, DateTimeOffset created)
    : IamEntity($"arn:aws:iam::{account}:instance-profile{path}{name}", Ids.Iam("AIPA"), created, created)
{
    public string Path => path;

    public string Name => name;

    public Role? Role { get; set; }
}

internal sealed class User(string account, string path, string name, DateTimeOffset created)
    : IamEntity($"arn:aws:iam::{account}:user{path}{name}", Ids.Iam("AIDA"), created, created)
{
    public string Path => path;

    public string Name => name;
}
