using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>
/// The pods of a workload that are made as it says now. Those of an older state of it are on their way out, and what is wrong with
/// them is no reason to give up.
/// </summary>
internal sealed class NewestPods(ClusterClient cluster, string ns)
{
    /// <summary>Once may be an accident, and twice that what it needs was not there yet.</summary>
    private const int RestartsUntilHopeless = 3;

    /// <summary>What a pod waits for that no time mends.</summary>
    private static readonly string[] Hopeless =
    [
        "ErrImagePull",
        "ImagePullBackOff",
        "InvalidImageName",
        "ErrImageNeverPull",
        "CreateContainerConfigError",
        "CreateContainerError",
    ];

    /// <returns>What keeps one of them from ever starting; null when nothing does.</returns>
    public async Task<string?> WrongAsync(JsonObject? workload, string app, CancellationToken cancellationToken) =>
        (await ContainersAsync(workload, app, cancellationToken))
            .Select(static c => WrongWith(c.Pod, c.Container, c.Status))
            .FirstOrDefault(static w => w is not null);

    /// <returns>How each of them is.</returns>
    public async Task<string> SayAsync(JsonObject? workload, string app, CancellationToken cancellationToken)
    {
        var said = (await ContainersAsync(workload, app, cancellationToken)).Select(static c =>
            c.Status["state"]?["waiting"] is { } waiting ? $"{c.Pod}, {c.Container} waits: {Text(waiting, "reason")}"
            : c.Status["state"]?["terminated"] is { } ended
                ? $"{c.Pod}, {c.Container} ended with exit code {ended["exitCode"]?.GetValue<int>()}"
            : $"{c.Pod}, {c.Container} was started {c.Status["restartCount"]?.GetValue<int>() + 1} times"
        );
        return string.Join("; ", said);
    }

    /// <summary>All pods of that name, those on their way out included.</summary>
    public async Task<IReadOnlyList<JsonObject>> AllAsync(string app, CancellationToken cancellationToken)
    {
        var pods = await cluster.FindResourceAsync("v1", "Pod", cancellationToken);
        var query = new ListQuery { Namespace = ns, LabelSelector = $"app.kubernetes.io/name={app}" };
        return (await cluster.ListAsync(pods!, query, cancellationToken)).Items;
    }

    private static string? WrongWith(string pod, string container, JsonObject status)
    {
        var waiting = status["state"]?["waiting"];
        var reason = Text(waiting, "reason");
        var restarts = status["restartCount"]?.GetValue<int>() ?? 0;
        if (Hopeless.Contains(reason))
        {
            return $"{pod}, {container}: {reason}: {Text(waiting, "message")}";
        }

        return reason == "CrashLoopBackOff" && restarts >= RestartsUntilHopeless
            ? $"{pod}, {container}: was started {restarts + 1} times and ended each time, {Ended(status)}"
            : null;
    }

    private static string Ended(JsonObject status)
    {
        var ended = status["lastState"]?["terminated"];
        return $"last with exit code {ended?["exitCode"]?.GetValue<int>()} ({Text(ended, "reason")})";
    }

    private static string Text(JsonNode? node, string name) => node?[name]?.GetValue<string>() ?? "";

    private async Task<List<(string Pod, string Container, JsonObject Status)>> ContainersAsync(
        JsonObject? workload,
        string app,
        CancellationToken cancellationToken
    )
    {
        if (await NewestAsync(workload, app, cancellationToken) is not { } isNewest)
        {
            return [];
        }

        return
        [
            .. (await AllAsync(app, cancellationToken))
                .Where(static p => p["metadata"]!["deletionTimestamp"] is null)
                .Where(isNewest)
                .SelectMany(static p =>
                    (p["status"]?["containerStatuses"] as JsonArray ?? [])
                        .OfType<JsonObject>()
                        .Select(s =>
                            (p["metadata"]!["name"]!.GetValue<string>(), s["name"]?.GetValue<string>() ?? "", s)
                        )
                ),
        ];
    }

    /// <returns>What tells the newest from others; null while nobody knows them yet.</returns>
    private async Task<Func<JsonObject, bool>?> NewestAsync(
        JsonObject? workload,
        string app,
        CancellationToken cancellationToken
    )
    {
        switch (workload?["kind"]?.GetValue<string>())
        {
            case "Deployment" or "StatefulSet" when !IsSeen(workload):
                return null;
            case "StatefulSet":
                var revision = workload["status"]?["updateRevision"]?.GetValue<string>();
                return pod => Label(pod, "controller-revision-hash") == revision;
            case "Deployment":
                var hash = await HashAsync(workload, app, cancellationToken);
                return hash is null ? null : pod => Label(pod, "pod-template-hash") == hash;
            default:
                return static _ => true;
        }
    }

    /// <summary>That of the ReplicaSet that has the Deployment's own revision.</summary>
    private async Task<string?> HashAsync(JsonObject deployment, string app, CancellationToken cancellationToken)
    {
        const string revision = "deployment.kubernetes.io/revision";
        var sets = await cluster.FindResourceAsync("apps/v1", "ReplicaSet", cancellationToken);
        var query = new ListQuery { Namespace = ns, LabelSelector = $"app.kubernetes.io/name={app}" };
        var wanted = deployment["metadata"]?["annotations"]?[revision]?.GetValue<string>();
        return (await cluster.ListAsync(sets!, query, cancellationToken))
            .Items.Where(s => s["metadata"]?["annotations"]?[revision]?.GetValue<string>() == wanted)
            .Select(static s => Label(s, "pod-template-hash"))
            .FirstOrDefault();
    }

    public static bool IsSeen(JsonObject workload) =>
        (workload["status"]?["observedGeneration"]?.GetValue<long>() ?? 0)
        >= workload["metadata"]!["generation"]!.GetValue<long>();

    public static string? Label(JsonObject item, string name) => item["metadata"]?["labels"]?[name]?.GetValue<string>();
}
