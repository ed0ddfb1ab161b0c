using System.Text.Json.Nodes;
using Threeport.Agent.Objects;

namespace Threeport.Agent.Health;

/// <summary>A pod, with the reason that the cluster gives and the image that it is about.</summary>
internal static class Pods
{
    /// <summary>From here on a container that ends again and again is not just starting.</summary>
    private const int ManyRestarts = 3;

    /// <summary>What a container waits for without anything being wrong.</summary>
    private static readonly string[] Starting = ["ContainerCreating", "PodInitializing", ""];

    public static Assessment Pod(JsonObject content)
    {
        var assessment = Judge(content);
        var isOver = content.Text("status", "phase") == "Succeeded";
        return assessment with
        {
            ReadyPods = !isOver && content.Condition("Ready").Is("True") ? 1 : 0,
            WantedPods = isOver ? 0 : 1,
        };
    }

    private static Assessment Judge(JsonObject content)
    {
        switch (content.Text("status", "phase"))
        {
            case "Succeeded":
                return Assessment.Healthy("Completed");
            case "Failed":
                return Failed(content);
            case "Unknown":
                return Assessment.Progressing("Unknown", "its node does not answer");
        }

        if (Scheduling(content) is { } scheduling)
        {
            return scheduling;
        }

        var troubles = Containers(content).Select(c => Trouble(content, c)).OfType<Assessment>().ToList();
        if (troubles.Count > 0)
        {
            return troubles.MaxBy(static t => t.Health)!;
        }

        if (content.Text("status", "phase") != "Running")
        {
            return Assessment.Progressing(Phase(content), "is starting");
        }

        return content.Condition("Ready").Is("True")
            ? Assessment.Healthy("Running")
            : Assessment.Progressing("Running", Unready(content));
    }

    private static Assessment Failed(JsonObject content)
    {
        var reason = content.Text("status", "reason");
        var message = content.Text("status", "message");
        if (reason.Length > 0)
        {
            return Assessment.Unhealthy(reason, message.Length > 0 ? $"{reason}: {message}" : reason);
        }

        var ended = Containers(content)
            .Select(static c => (Container: c, End: c.At("state", "terminated")))
            .FirstOrDefault(static c => c.End is not null && c.End.Number("exitCode") is not 0);
        return ended.End is null
            ? Assessment.Unhealthy("Failed", "Failed")
            : Assessment.Unhealthy("Failed", Ending(ended.Container.Text("name"), ended.End));
    }

    private static Assessment? Scheduling(JsonObject content)
    {
        if (content.Condition("PodScheduled") is not { } scheduled || !scheduled.Is("False"))
        {
            return null;
        }

        var reason = scheduled.Text("reason") is "Unschedulable" ? "FailedScheduling" : scheduled.Text("reason");
        return Assessment.Progressing("Pending", $"{reason}: {scheduled.Text("message")}".TrimEnd(':', ' '));
    }

    private static IEnumerable<JsonObject> Containers(JsonObject content) =>
        content.Each("status", "initContainerStatuses").Concat(content.Each("status", "containerStatuses"));

    private static Assessment? Trouble(JsonObject pod, JsonObject container)
    {
        if (container.At("state", "waiting") is { } waiting)
        {
            return Waiting(pod, container, waiting);
        }

        if (container.At("state", "terminated") is { } ended && ended.Number("exitCode") is not 0)
        {
            var message = Ending(container.Text("name"), ended);
            return IsHopeless(container)
                ? Assessment.Unhealthy(Reason(ended), message)
                : Assessment.Progressing(Reason(ended), message);
        }

        return IsHopeless(container) && !container.Flag("ready") && container.At("lastState", "terminated") is { } last
            ? Assessment.Unhealthy("CrashLoopBackOff", Crashing(container, last))
            : null;
    }

    private static Assessment? Waiting(JsonObject pod, JsonObject container, JsonNode waiting)
    {
        var reason = waiting.Text("reason");
        if (Starting.Contains(reason, StringComparer.Ordinal))
        {
            return null;
        }

        return reason switch
        {
            "CrashLoopBackOff" => Assessment.Unhealthy(
                reason,
                Crashing(container, container.At("lastState", "terminated"))
            ),
            _ when reason.Contains("Image", StringComparison.Ordinal) => Assessment.Unhealthy(
                reason,
                $"{reason} {Image(pod, container)}"
            ),
            _ => Assessment.Unhealthy(reason, $"{reason}: {waiting.Text("message")}".TrimEnd(':', ' ')),
        };
    }

    private static string Crashing(JsonObject container, JsonNode? last)
    {
        var restarts = container.Count("restartCount");
        var how = last is null ? "" : $", {Ending(container.Text("name"), last)}";
        return $"CrashLoopBackOff: {(restarts == 1 ? "1 restart" : $"{restarts} restarts")}{how}";
    }

    private static string Ending(string container, JsonNode ended)
    {
        var message = ended.Text("message").Trim();
        var line = message[(message.LastIndexOf('\n') + 1)..];
        return $"{container} ended with {ended.Number("exitCode")} ({Reason(ended)})"
            + (line.Length > 0 ? $": {line}" : "");
    }

    private static string Reason(JsonNode ended) => ended.Text("reason") is { Length: > 0 } reason ? reason : "Error";

    private static bool IsHopeless(JsonObject container) => container.Count("restartCount") >= ManyRestarts;

    /// <summary>As the spec has it: the status may show what it resolved to.</summary>
    private static string Image(JsonObject pod, JsonObject container)
    {
        var name = container.Text("name");
        var spec = pod.Each("spec", "containers")
            .Concat(pod.Each("spec", "initContainers"))
            .FirstOrDefault(c => c.Text("name") == name);
        return spec?.Text("image") is { Length: > 0 } image ? image : container.Text("image");
    }

    private static string Phase(JsonObject content)
    {
        var creating = Containers(content).Select(static c => c.Text("state", "waiting", "reason"));
        return creating.FirstOrDefault(static r => r.Length > 0) ?? "Pending";
    }

    private static string Unready(JsonObject content)
    {
        var names = content
            .Each("status", "containerStatuses")
            .Where(static c => !c.Flag("ready"))
            .Select(static c => c.Text("name"));
        var all = string.Join(", ", names);
        return all.Length > 0 ? $"not ready: {all}" : "not ready";
    }
}
