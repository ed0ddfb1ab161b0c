namespace Threeport.Agent.Objects;

/// <summary>A type of object as manifests name it.</summary>
/// <param name="ApiVersion"><c>apps/v1</c>.</param>
/// <param name="Kind"><c>Deployment</c>.</param>
internal sealed record ObjectType(string ApiVersion, string Kind)
{
    public static readonly ObjectType Pod = new("v1", "Pod");
    public static readonly ObjectType ReplicaSet = new("apps/v1", "ReplicaSet");

    /// <summary>Between a CronJob and its pods.</summary>
    public static readonly ObjectType Job = new("batch/v1", "Job");

    private static readonly HashSet<string> JudgedCore = new(StringComparer.Ordinal)
    {
        "Pod",
        "PersistentVolumeClaim",
        "Service",
        "Namespace",
    };

    /// <summary>Groups of Kubernetes itself whose objects have no health, or none that their conditions would say.</summary>
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "admissionregistration.k8s.io",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "rbac.authorization.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    };

    public string Group => ApiVersion.IndexOf('/') is var slash and > 0 ? ApiVersion[..slash] : "";

    /// <summary>
    /// Whether the object is read in full, because its health is in it. Of all others only the metadata is asked for:
    /// the values of a Secret never leave the API server.
    /// </summary>
    public bool IsReadInFull =>
        Kind != "Secret"
        && Group switch
        {
            "" => JudgedCore.Contains(Kind),
            "apps" or "batch" => true,
            var group => group.Contains('.', StringComparison.Ordinal) && !Plain.Contains(group),
        };

    public override string ToString() => $"{Kind} ({ApiVersion})";
}
