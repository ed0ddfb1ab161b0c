using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>One object that could not be applied or removed, and why: the reason of the condition and a sentence.</summary>
internal sealed record ObjectFailure(ObjectReference Object, string Reason, string Message)
{
    public static ObjectFailure Of(ObjectReference reference, KubernetesException exception) =>
        new(
            reference,
            exception.IsUnreachable ? KubernetesException.UnreachableReason : "ApplyFailed",
            exception.IsUnreachable ? exception.Message : $"{reference}: {exception.Message}"
        );

    /// <returns>The first in words, and how many more there are.</returns>
    public static string Describe(IReadOnlyCollection<ObjectFailure> failures)
    {
        var first = failures.First().Message;
        return failures.Count == 1 ? first : $"{first} (and {failures.Count - 1} more)";
    }
}
