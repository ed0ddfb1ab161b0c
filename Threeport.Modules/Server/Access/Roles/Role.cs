using Threeport.Api;

namespace Threeport.Server.Access.Roles;

/// <summary>A table of rights, beside those that are built in; a role binding gives it to somebody.</summary>
[Summary("A table of rights, beside those that are built in; a role binding gives it to somebody.")]
public sealed class Role : Resource<RoleSpec, NoStatus>, IKind
{
    public static string Plural => "roles";

    public static string Singular => "role";

    public static IReadOnlyList<string> ShortNames => [];
}

/// <summary>What is granted.</summary>
public sealed record RoleSpec
{
    [Column("DESCRIPTION", 10)]
    [Summary("What it is for.")]
    public string? Description { get; init; }

    [Summary("What is granted; whatever is not, is refused.")]
    public IReadOnlyList<RoleRule> Rules { get; init; } = [];
}

/// <summary>Each of these verbs, on each of these kinds.</summary>
public sealed record RoleRule
{
    [Summary("read, create, update, delete, events, reconcile, reveal.")]
    public IReadOnlyList<string> Verbs { get; init; } = [];

    [Summary(
        "Plurals of kinds; * for all but roles and role-bindings; credentials, audit, keys, backups for those subsystems."
    )]
    public IReadOnlyList<string> Kinds { get; init; } = [];
}
