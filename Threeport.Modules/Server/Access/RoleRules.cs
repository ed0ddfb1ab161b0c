using System.Collections.Frozen;
using Threeport.Server.Access.Roles;

namespace Threeport.Server.Access;

/// <summary>The rules of a role, for looking up.</summary>
internal sealed class RoleRules
{
    /// <summary>In a rule: all kinds but those that decide about access.</summary>
    public const string AllKinds = "*";

    private readonly FrozenSet<(AccessVerb, string)> _granted;

    public RoleRules(IReadOnlyList<RoleRule> rules) =>
        _granted = rules
            .SelectMany(static r => r.Verbs.SelectMany(v => r.Kinds.Select(k => (AccessVerbs.Find(v), k))))
            .Where(static g => g.Item1 is not null)
            .Select(static g => (g.Item1!.Value, g.k))
            .ToFrozenSet();

    /// <param name="verb">What is to be done.</param>
    /// <param name="target">The plural of a kind, or one of <see cref="Subsystem"/>.</param>
    public bool Grants(AccessVerb verb, string target) =>
        _granted.Contains((verb, target))
        || (_granted.Contains((verb, AllKinds)) && !BuiltInRoles.AccessKinds.Contains(target) && !IsSubsystem(target));

    private static bool IsSubsystem(string target) => Subsystem.All.Contains(target);
}
