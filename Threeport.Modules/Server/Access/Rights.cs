using System.Collections.Concurrent;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Resources;

namespace Threeport.Server.Access;

/// <summary>Who may do what. Whatever no role of the caller grants is refused.</summary>
internal sealed class Rights(KindCatalog kinds, AccessPolicy policy)
{
    private readonly ConcurrentDictionary<string, RoleRules> _builtIn = new(StringComparer.Ordinal);

    /// <summary>Refuses with 403 unless one of the caller's roles grants it.</summary>
    public void Require(Caller caller, AccessVerb verb, KindDescriptor kind) => Require(caller, verb, kind.Plural);

    /// <inheritdoc cref="Require(Caller, AccessVerb, KindDescriptor)" />
    /// <param name="caller">Who asks.</param>
    /// <param name="verb">What is to be done.</param>
    /// <param name="target">The plural of a kind, or one of <see cref="Subsystem"/>.</param>
    public void Require(Caller caller, AccessVerb verb, string target)
    {
        if (!Grants(caller, verb, target))
        {
            var roles = caller.Roles.Count == 0 ? "no role" : $"role {string.Join(", ", caller.Roles)}";
            throw new ProblemException(Problems.Forbidden($"{caller.Name} ({roles}) may not {verb.Name()} {target}."));
        }
    }

    /// <summary>Refuses with 403 unless the caller may write so.</summary>
    public void RequireWrite(Caller caller, WriteVerb verb, KindDescriptor kind)
    {
        AccessVerb[] verbs = verb switch
        {
            WriteVerb.Create => [AccessVerb.Create],
            // Either, and which is only known when it is stored.
            WriteVerb.Put => [AccessVerb.Create, AccessVerb.Update],
            WriteVerb.Patch => [AccessVerb.Update],
            _ => [AccessVerb.Delete],
        };
        foreach (var needed in verbs)
        {
            Require(caller, needed, kind);
        }
    }

    /// <summary>Refuses with 403 unless the caller may read what is sensitive in this kind, or nothing is.</summary>
    public void RequireReveal(Caller caller, KindDescriptor kind)
    {
        if (kind.SensitiveFields.Count > 0)
        {
            Require(caller, AccessVerb.Reveal, kind);
        }
    }

    public bool Grants(Caller caller, AccessVerb verb, string target)
    {
        foreach (var role in caller.Roles)
        {
            if (Rules(role)?.Grants(verb, target) == true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether there is such a role: built in, of a module or an agent, or stored.</summary>
    public bool Exists(string role) => Rules(role) is not null;

    /// <summary>Nobody gives others what he has not himself: each right that this role grants must be the caller's too.</summary>
    public void RequireAll(Caller caller, string role)
    {
        if (!caller.Roles.Contains(role) && Rules(role) is { } rules)
        {
            RequireAll(caller, rules);
        }
    }

    /// <inheritdoc cref="RequireAll(Caller, string)" />
    public void RequireAll(Caller caller, RoleRules rules)
    {
        foreach (var target in kinds.Kinds.Select(static k => k.Plural).Concat(Subsystem.All))
        {
            foreach (var verb in Enum.GetValues<AccessVerb>().Where(v => rules.Grants(v, target)))
            {
                Require(caller, verb, target);
            }
        }
    }

    /// <summary>What the caller may do, target by target; targets with nothing are left out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Of(Caller caller) =>
        kinds
            .Kinds.Select(static k => k.Plural)
            .Concat(Subsystem.All)
            .Select(t => (Target: t, Verbs: Enum.GetValues<AccessVerb>().Where(v => Grants(caller, v, t)).ToList()))
            .Where(static t => t.Verbs.Count > 0)
            .ToDictionary(
                static t => t.Target,
                static t => (IReadOnlyList<string>)[.. t.Verbs.Select(static v => v.Name())]
            );

    private RoleRules? Rules(string role) =>
        _builtIn.TryGetValue(role, out var known) ? known
        : BuiltInRoles.Find(role, kinds) is { } rules ? _builtIn.GetOrAdd(role, new RoleRules(rules))
        : policy.Stored(role);
}
