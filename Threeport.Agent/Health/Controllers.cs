using System.Text.Json.Nodes;
using Threeport.Agent.Objects;

namespace Threeport.Agent.Health;

/// <summary>What keeps a number of pods running.</summary>
internal static class Controllers
{
    public static Assessment Deployment(JsonObject content)
    {
        var wanted = Wanted(content);
        var ready = content.Count("status", "readyReplicas");
        var updated = content.Count("status", "updatedReplicas");
        var old = content.Count("status", "replicas") - updated;
        return Counted(
            ready,
            wanted,
            Deadline(content)
                ?? ReplicaFailure(content)
                ?? Unseen(content)
                ?? Rolling(updated, wanted)
                ?? (old > 0 ? Waiting($"{Pods(old)} of the old version to go") : null)
                ?? Short(content.Count("status", "availableReplicas"), wanted)
        );
    }

    public static Assessment ReplicaSet(JsonObject content)
    {
        var wanted = Wanted(content);
        return Counted(
            content.Count("status", "readyReplicas"),
            wanted,
            ReplicaFailure(content) ?? Unseen(content) ?? Short(content.Count("status", "availableReplicas"), wanted)
        );
    }

    public static Assessment StatefulSet(JsonObject content)
    {
        var wanted = Wanted(content);
        var ready = content.Count("status", "readyReplicas");
        // Pods below the partition keep the old version on purpose, and with OnDelete a person decides when they change.
        var partition = content.Count("spec", "updateStrategy", "rollingUpdate", "partition");
        var toUpdate = content.Text("spec", "updateStrategy", "type") == "OnDelete" ? 0 : wanted - partition;
        var rolling =
            content.Text("status", "updateRevision") == content.Text("status", "currentRevision")
                ? null
                : Rolling(content.Count("status", "updatedReplicas"), toUpdate);
        return Counted(ready, wanted, Unseen(content) ?? rolling ?? Short(ready, wanted));
    }

    public static Assessment DaemonSet(JsonObject content)
    {
        var wanted = content.Count("status", "desiredNumberScheduled");
        var toUpdate = content.Text("spec", "updateStrategy", "type") == "OnDelete" ? 0 : wanted;
        return Counted(
            content.Count("status", "numberReady"),
            wanted,
            Unseen(content)
                ?? Rolling(content.Count("status", "updatedNumberScheduled"), toUpdate)
                ?? Short(content.Count("status", "numberAvailable"), wanted)
        );
    }

    private static Assessment Counted(int ready, int wanted, (ObjectHealth Health, string Message)? trouble) =>
        new(trouble?.Health ?? ObjectHealth.Healthy, $"{ready}/{wanted}", trouble?.Message ?? "")
        {
            ReadyPods = ready,
            WantedPods = wanted,
        };

    private static int Wanted(JsonObject content) =>
        content.At("spec", "replicas") is null ? 1 : content.Count("spec", "replicas");

    private static (ObjectHealth, string)? Deadline(JsonObject content) =>
        content.Condition("Progressing") is { } progress && progress.Text("reason") == "ProgressDeadlineExceeded"
            ? (ObjectHealth.Unhealthy, $"ProgressDeadlineExceeded: {progress.Text("message")}")
            : null;

    private static (ObjectHealth, string)? ReplicaFailure(JsonObject content) =>
        content.Condition("ReplicaFailure") is { } failure && failure.Is("True")
            ? (ObjectHealth.Unhealthy, $"{failure.Text("reason")}: {failure.Text("message")}")
            : null;

    private static (ObjectHealth, string)? Unseen(JsonObject content) =>
        Conditions.IsUnseen(content) ? Waiting("its controller to see the change") : null;

    private static (ObjectHealth, string)? Rolling(int updated, int wanted) =>
        updated < wanted ? Waiting($"{Pods(wanted - updated)} of the new version") : null;

    private static (ObjectHealth, string)? Short(int available, int wanted) =>
        available < wanted ? Waiting(Pods(wanted - available)) : null;

    private static (ObjectHealth, string)? Waiting(string what) => (ObjectHealth.Progressing, $"waiting for {what}");

    private static string Pods(int count) => count == 1 ? "1 pod" : $"{count} pods";
}
