using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>Which namespace objects go to that name none, and where none may go.</summary>
internal static class Namespaces
{
    private const int MaximumLength = 63;

    /// <summary>Ours: a control plane in a cluster has <c>threeport-&lt;name&gt;</c>, its agents <c>threeport-&lt;name&gt;-system</c>.</summary>
    private const string OurPrefix = "threeport-";

    private static readonly string[] Clusters = ["kube-system", "kube-public", "kube-node-lease"];

    /// <summary>Whether it is the cluster's own, or ours.</summary>
    public static bool IsProtected(string ns) =>
        ns.StartsWith(OurPrefix, StringComparison.Ordinal) || Clusters.Contains(ns, StringComparer.Ordinal);

    /// <returns>The namespace that the object is, or is in; null when it is in none.</returns>
    public static string? Touched(ObjectReference reference) =>
        IsNamespace(reference) ? reference.Name : reference.Namespace;

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
        var declared = manifests
            .Where(static m => IsNamespace(m.Reference))
            .Select(static m => m.Reference.Name)
            .Take(2)
            .ToList();
        return declared.Count == 1 ? declared[0] : null;
    }

    /// <returns>What of the manifest may not be, or null.</returns>
    public static string? Refuse(Manifest manifest)
    {
        if (Touched(manifest.Reference) is { } target && IsProtected(target))
        {
            var whose = target.StartsWith(OurPrefix, StringComparison.Ordinal) ? "control plane" : "cluster";
            return $"the namespace {target} is the {whose}'s own; workloads do not go there";
        }

        return manifest.Reference.ApiVersion.StartsWith("threeport.io/", StringComparison.Ordinal)
            ? "objects of threeport.io are the control plane's own"
            : null;
    }

    private static bool IsNamespace(ObjectReference reference) => reference is { ApiVersion: "v1", Kind: "Namespace" };
}
