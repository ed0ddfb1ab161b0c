namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>When an object is applied: what others need goes first, and is removed last.</summary>
internal enum Stage
{
    Namespaces,
    Definitions,
    Rights,
    Configuration,
    Workloads,
    Rest,
}

internal static class Stages
{
    /// <returns>When objects of the type are applied.</returns>
    public static Stage Of(string apiVersion, string kind) =>
        (Group(apiVersion), kind) switch
        {
            ("", "Namespace") => Stage.Namespaces,
            ("apiextensions.k8s.io", "CustomResourceDefinition") => Stage.Definitions,
            ("rbac.authorization.k8s.io", _) or ("", "ServiceAccount") => Stage.Rights,
            ("scheduling.k8s.io" or "storage.k8s.io" or "node.k8s.io", _) => Stage.Rights,
            ("", "Pod" or "ReplicationController") => Stage.Workloads,
            ("", _) or ("networking.k8s.io", "NetworkPolicy") => Stage.Configuration,
            ("apps" or "batch", _) => Stage.Workloads,
            _ => Stage.Rest,
        };

    /// <summary>Whether the objects that one of these makes must be gone before it is.</summary>
    public static bool OwnsPods(string apiVersion, string kind) =>
        Group(apiVersion) is "apps" or "batch" || (Group(apiVersion), kind) is ("", "ReplicationController");

    private static string Group(string apiVersion) =>
        apiVersion.IndexOf('/') is var slash and > 0 ? apiVersion[..slash] : "";
}
