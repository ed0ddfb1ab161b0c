using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Writing;

/// <summary>The refusals of writes, in words.</summary>
internal static class Refusals
{
    private const int NamedBlockers = 3;

    public static ProblemException NotFound(KindDescriptor kind, string name) =>
        new(Problems.NotFound($"There is no {kind.Singular} named \"{Shown(name)}\"."));

    public static ProblemException NameTaken(KindDescriptor kind, string name) =>
        new(Problems.Conflict($"There is a {kind.Singular} named \"{name}\" already. Use PUT to replace it."));

    public static ProblemException BeingDeleted(KindDescriptor kind, string name) =>
        new(
            Problems.Conflict(
                $"{kind.Singular}/{name} is being deleted. Wait until it is gone to make another of that name."
            )
        );

    public static ProblemException Stale(KindDescriptor kind, string name, long wanted, long current) =>
        new(
            Problems.Stale(
                $"{kind.Singular}/{name} is at revision {current}, not {wanted}. Read it again and repeat the change."
            )
        );

    public static ProblemException NothingToMatch(KindDescriptor kind, string name) =>
        new(
            Problems.Stale(
                $"There is no {kind.Singular} named \"{Shown(name)}\" that If-Match could mean. Leave it out to make one."
            )
        );

    public static ProblemException FlagTaken(KindDescriptor kind, string flag, string holder) =>
        new(
            Problems.Conflict(
                $"{kind.Singular}/{holder} has {flag} already, and at most one may. Set it to false there first."
            )
        );

    public static ProblemException InUse(KindDescriptor kind, string name, IReadOnlyList<string> blockers)
    {
        var kinds = blockers.Select(static b => b.Split('/')[0]).Distinct(StringComparer.Ordinal).ToList();
        var named = blockers.Take(NamedBlockers).Select(b => kinds.Count == 1 ? b.Split('/')[1] : b);
        var who = kinds.Count == 1 ? kinds[0] : "resource";
        var more = blockers.Count > NamedBlockers ? ", …" : "";
        return new(
            Problems.InUse(
                $"{kind.Singular}/{name} is in use by {blockers.Count} {who}{(blockers.Count == 1 ? "" : "s")}: "
                    + $"{string.Join(", ", named)}{more}",
                blockers
            )
        );
    }

    public static ProblemException Observing() =>
        new(
            Problems.Observing(
                "The control plane was restored from a backup and only observes, so nothing is changed. `qleetctl restore show` lists what it would do, `qleetctl restore confirm` lets it."
            )
        );

    public static ProblemError Immutable(string pointer) =>
        new(pointer, "Cannot be changed once the resource exists. Delete it and make a new one.");

    public static ProblemError NoSuchReference(string pointer, KindDescriptor kind, string name) =>
        new(pointer, $"There is no {kind.Singular} named \"{Shown(name)}\".");

    public static ProblemError ReferenceGoes(string pointer, KindDescriptor kind, string name) =>
        new(pointer, $"{kind.Singular}/{name} is being deleted.");

    /// <summary>What was asked for may be anything, and an error is for people.</summary>
    private static string Shown(string name) => name.Length > 100 ? name[..100] + "…" : name;
}
