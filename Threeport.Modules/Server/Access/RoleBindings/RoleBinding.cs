using Threeport.Api;
using Threeport.Server.Access.Roles;

namespace Threeport.Server.Access.RoleBindings;

/// <summary>Gives a role to users and groups.</summary>
[Summary("Gives a role to users and groups.")]
public sealed class RoleBinding : Resource<RoleBindingSpec, NoStatus>, IKind
{
    public static string Plural => "role-bindings";

    public static string Singular => "role-binding";

    public static IReadOnlyList<string> ShortNames => ["rb"];
}

/// <summary>Who gets what.</summary>
public sealed record RoleBindingSpec
{
    [Column("ROLE", 10)]
    [Reference(
        typeof(Role),
        Except = [BuiltInRoles.Admin, BuiltInRoles.Operator, BuiltInRoles.Developer, BuiltInRoles.Viewer]
    )]
    [Summary("A built-in role (admin, operator, developer, viewer) or the name of a role resource.")]
    public string Role { get; init; } = "";

    [Column("USERS", 20)]
    [Summary("Names as `qleetctl auth whoami` shows them.")]
    public IReadOnlyList<string> Users { get; init; } = [];

    [Column("GROUPS", 30)]
    [Summary("Groups that a certificate or an OIDC token says its bearer is in.")]
    public IReadOnlyList<string> Groups { get; init; } = [];
}
