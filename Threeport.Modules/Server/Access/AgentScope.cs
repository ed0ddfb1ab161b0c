using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Writing;

namespace Threeport.Server.Access;

/// <summary>An agent reports on its own runtime and on nothing else: its role says which kinds, this says which of their resources.</summary>
internal static class AgentScope
{
    /// <summary>The field by which a kind names the runtime that it is on; also the class of the runtimes themselves.</summary>
    public const string RuntimeField = "KubernetesRuntimeInstance";

    public static bool NamesRuntime(KindDescriptor kind) => kind.SpecType.GetProperty(RuntimeField) is not null;

    /// <summary>A kind that agents write: it names the runtime, belongs to what it reports on, and leaves no history.</summary>
    public static bool IsReport(KindDescriptor kind) => !kind.KeepsHistory && NamesRuntime(kind);

    /// <exception cref="ProblemException">403: the caller is an agent, and this is of another runtime.</exception>
    public static void Require(Caller caller, KindDescriptor kind, Resource resource)
    {
        // Whatever else it may have been given: what runs in a cluster that may be anybody's stays within it.
        var runtimes = caller.Roles.Select(Caller.RuntimeOf).OfType<string>().ToList();
        if (runtimes.Count == 0)
        {
            return;
        }

        var named = kind.SpecType.GetProperty(RuntimeField)?.GetValue(SpecProperties.Spec(resource)) as string;
        if (named is null || !runtimes.Contains(named))
        {
            throw new ProblemException(
                Problems.Forbidden(
                    $"{caller.Name} may only report on its own runtime, not in {kind.Singular}/{resource.Name}."
                )
            );
        }
    }
}
