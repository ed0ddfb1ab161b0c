using System.Text.Json.Nodes;

namespace Threeport.Modules.ControlPlanes.ControlPlaneInstances;

/// <summary>What the servers of a control plane come to; decided from the objects alone.</summary>
internal static class InstalledServers
{
    /// <summary>What there is no control plane without; the others may be the user's own.</summary>
    private static readonly string[] Required = ["api", "controllers"];

    /// <summary>A Deployment or StatefulSet as a server.</summary>
    public static ControlPlaneServer Of(JsonObject workload)
    {
        var (spec, status) = (workload["spec"], workload["status"]);
        // What the status says of an older generation says nothing of this one.
        var isSeen = Number(status, "observedGeneration") >= Number(workload["metadata"], "generation");
        return new()
        {
            Name = workload["metadata"]!["name"]!.GetValue<string>(),
            Image = spec?["template"]?["spec"]?["containers"]?[0]?["image"]?.GetValue<string>(),
            Replicas = spec?["replicas"]?.GetValue<int>() ?? 1,
            ReadyReplicas = Number(status, "readyReplicas"),
            UpdatedReplicas = isSeen ? Number(status, "updatedReplicas") : 0,
        };
    }

    /// <summary>The tag of an image: <c>0.1.0</c>. A registry's port is none.</summary>
    public static string? VersionOf(IEnumerable<ControlPlaneServer> servers)
    {
        var image = servers.FirstOrDefault(static s => s.Name == "api")?.Image;
        var name = image?[(image.LastIndexOf('/') + 1)..].Split('@')[0];
        return name is not null && name.Contains(':', StringComparison.Ordinal)
            ? name[(name.LastIndexOf(':') + 1)..]
            : null;
    }

    /// <summary>Replicas that are ready, of those wanted: more than wanted, as in an update, are no better.</summary>
    public static string Summary(IReadOnlyList<ControlPlaneServer> servers) =>
        $"{servers.Sum(static s => Math.Min(s.ReadyReplicas, s.Replicas))}/{servers.Sum(static s => s.Replicas)}";

    /// <returns>What is wrong, as a reason and a sentence; null when nothing is.</returns>
    public static (string Reason, string Message)? Wrong(IReadOnlyList<ControlPlaneServer> servers)
    {
        var missing = Required.Except(servers.Select(static s => s.Name)).ToList();
        if (missing.Count > 0)
        {
            return ("Missing", $"There is no Deployment {string.Join(", ", missing)}: run `qleetctl up` again.");
        }

        var (rest, reason) = (servers.Where(static s => s.ReadyReplicas < s.Replicas).ToList(), "Degraded");
        if (rest.Count == 0)
        {
            (rest, reason) = (servers.Where(static s => s.UpdatedReplicas < s.Replicas).ToList(), "Updating");
        }

        return rest.Count == 0
            ? null
            : (
                reason,
                string.Join(", ", rest.Select(s => $"{s.Name} {Count(s, reason)} of {s.Replicas}")) + Verb(reason)
            );
    }

    private static int Count(ControlPlaneServer server, string reason) =>
        reason == "Updating" ? server.UpdatedReplicas : server.ReadyReplicas;

    private static string Verb(string reason) => reason == "Updating" ? " updated." : " ready.";

    private static int Number(JsonNode? node, string name) => node?[name]?.GetValue<int>() ?? 0;
}
