using System.Collections.Frozen;
using Threeport.Runtime;
using Threeport.Server.Access.RoleBindings;
using Threeport.Server.Access.Roles;

namespace Threeport.Server.Access;

/// <summary>
/// The roles that there are without anybody making them, as the same table that a <see cref="Role"/> is. Nobody can change
/// them, so nobody can lock everybody out.
/// </summary>
internal static class BuiltInRoles
{
    /// <summary>The control plane itself. Nobody can be given it: it holds rights that nobody who could give it has.</summary>
    public const string System = "system";

    public const string Admin = "admin";
    public const string Operator = "operator";
    public const string Developer = "developer";
    public const string Viewer = "viewer";

    private static readonly string[] Change = ["create", "update", "delete"];

    /// <summary>The kinds that decide about access: <c>*</c> does not mean them.</summary>
    public static FrozenSet<string> AccessKinds { get; } = FrozenSet.Create(Role.Plural, RoleBinding.Plural);

    /// <summary>Those that are given to people and automation.</summary>
    public static IReadOnlyList<string> ForPeople { get; } = [Admin, Operator, Developer, Viewer];

    /// <returns>The table of a role; null when it is not built in.</returns>
    public static IReadOnlyList<RoleRule>? Find(string role, KindCatalog kinds) =>
        role switch
        {
            System => [Rule([.. AccessVerbs.Names], [RoleRules.AllKinds, .. AccessKinds, .. Subsystem.All])],
            Admin =>
            [
                Rule(["read", .. Change, "events"], [RoleRules.AllKinds, .. AccessKinds]),
                Rule(["read", .. Change], [.. Subsystem.All]),
            ],
            Operator =>
            [
                Rule(["read", .. Change, "events"], RoleRules.AllKinds),
                Rule(["read"], [.. AccessKinds, Subsystem.Audit]),
            ],
            Developer =>
            [
                Rule(["read"], [RoleRules.AllKinds, .. AccessKinds]),
                Rule(Change, [.. kinds.Kinds.Where(static k => k.IsForDevelopers).Select(static k => k.Plural)]),
            ],
            Viewer => [Rule(["read"], [RoleRules.AllKinds, .. AccessKinds])],
            _ when Caller.ModuleOf(role) is { } module && kinds.Kinds.Any(k => k.Module == module) => OfModule(
                kinds,
                module
            ),
            _ when Caller.RuntimeOf(role) is not null => OfAgents(kinds),
            _ => null,
        };

    /// <summary>
    /// Sensitive values only of what is its own, what belongs to that, or what its own refers to. What belongs to its own it
    /// makes, changes and takes down again, whoever reconciles it.
    /// </summary>
    private static List<RoleRule> OfModule(KindCatalog kinds, string module)
    {
        var own = kinds.Kinds.Where(k => k.Module == module).ToList();
        var references = own.SelectMany(static k => k.References).Where(static r => !r.Owner);
        string[] names = [.. own.Select(static k => k.Plural)];
        string[] belonging =
        [
            .. kinds
                .Kinds.Where(k => k.References.Any(r => r.Owner && own.Any(o => o.Type == r.Kind)))
                .Select(static k => k.Plural)
                .Except(names),
        ];
        List<RoleRule> rules =
        [
            Rule(["read"], RoleRules.AllKinds),
            Rule([.. Change, "events", "reconcile"], names),
            Rule(
                ["reveal"],
                [.. names.Concat(belonging).Concat(references.Select(r => kinds[r.Kind].Plural)).Distinct()]
            ),
        ];
        if (belonging.Length > 0)
        {
            rules.Add(Rule(Change, belonging));
        }

        if (own.Any(static k => k.Type.Name == AgentScope.RuntimeField))
        {
            rules.Add(Rule(["create"], Subsystem.AgentCredentials));
        }

        return rules;
    }

    /// <summary>Narrowed to one runtime by <see cref="AgentScope"/>.</summary>
    private static List<RoleRule> OfAgents(KindCatalog kinds) =>
        [
            Rule(["create", "update"], [.. kinds.Kinds.Where(AgentScope.IsReport).Select(static k => k.Plural)]),
            Rule(["events"], [.. kinds.Kinds.Where(AgentScope.NamesRuntime).Select(static k => k.Plural)]),
        ];

    private static RoleRule Rule(IReadOnlyList<string> verbs, params IReadOnlyList<string> kinds) =>
        new() { Verbs = verbs, Kinds = kinds };
}
