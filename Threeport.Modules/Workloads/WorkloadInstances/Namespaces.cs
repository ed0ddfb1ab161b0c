using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>Which namespace objects go to that name none, and where none may go.</summary>
internal static class Namespaces
{
    private const int MaximumLength = 63;

    /// <summary>The cluster's own, and ours.</summary>
    public static readonly string[] Protected = ["kube-system", "kube-public", "kube-node-lease", "threeport-system"];

    /// <summary><c>&lt;instance&gt;-&lt;six digits of its id&gt;</c>: a retry, or a resource read again after a crash, finds its own.</summary>
    public static string ManagedBy(WorkloadInstance instance)
    {
        var suffix = instance.Id.ToString("N")[^6..];
        var room = MaximumLength - suffix.Length - 1;
        var name = instance.Name.Length > room ? instance.Name[..room].TrimEnd('-') : instance.Name;
        return $"{name}-{suffix}";
    }

    /// <returns>The only namespace that the manifests declare, or null when there is none, or more than one.</returns>
    public static string? Declared(IReadOnlyList<Manifest> manifests)
    {
        var declared = manifests.Where(IsNamespace).Select(static m => m.Reference.Name).Take(2).ToList();
        return declared.Count == 1 ? declared[0] : null;
    }

    /// <returns>What of the manifest may not be, or null.</returns>
    public static string? Refuse(Manifest manifest)
    {
        var (apiVersion, _, ns, name) = manifest.Reference;
        var target = IsNamespace(manifest) ? name : ns;
        if (target is not null && Protected.Contains(target, StringComparer.Ordinal))
        {
            return $"the namespace {target} is the cluster's own; workloads do not go there";
        }

        return apiVersion.StartsWith("threeport.io/", StringComparison.Ordinal)
            ? "objects of threeport.io are the control plane's own"
            : null;
    }

    private static bool IsNamespace(Manifest manifest) => manifest.Reference is { ApiVersion: "v1", Kind: "Namespace" };
}
