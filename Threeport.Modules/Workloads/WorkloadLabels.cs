using System.Text.Json.Nodes;

namespace Threeport.Modules.Workloads;

/// <summary>What every object of a workload carries, and the pods that it makes.</summary>
internal static class WorkloadLabels
{
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string Instance = "threeport.io/workload-instance";

    private static readonly string[] WithPods = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"];

    /// <summary>
    /// Labels the object and its pod templates. A <c>managed-by</c> that the author wrote stays: selectors may depend on it.
    /// </summary>
    public static void Add(JsonObject content, Guid instance)
    {
        Label(Child(content, "metadata"), instance);
        var kind = content["kind"]!.GetValue<string>();
        if (content["spec"] is not JsonObject spec)
        {
            return;
        }

        if (WithPods.Contains(kind, StringComparer.Ordinal) && spec["template"] is JsonObject template)
        {
            Label(Child(template, "metadata"), instance);
        }
        else if (kind == "CronJob" && spec["jobTemplate"] is JsonObject job)
        {
            Label(Child(job, "metadata"), instance);
            if (job["spec"]?["template"] is JsonObject pods)
            {
                Label(Child(pods, "metadata"), instance);
            }
        }
    }

    /// <returns>The id of the instance that an object in a cluster belongs to; null when it is none of ours.</returns>
    public static string? OwnerOf(JsonObject content) =>
        content["metadata"]?["labels"]?[Instance] is JsonValue value && value.TryGetValue<string>(out var id)
            ? id
            : null;

    private static void Label(JsonObject metadata, Guid instance)
    {
        var labels = Child(metadata, "labels");
        labels.TryAdd(ManagedBy, "threeport");
        labels[Instance] = instance.ToString("D");
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child)
        {
            return child;
        }

        child = [];
        parent[name] = child;
        return child;
    }
}
