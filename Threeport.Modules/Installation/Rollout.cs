using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>Waits until what was applied is there and well, and says early what keeps it.</summary>
internal sealed class Rollout(ClusterClient cluster, string ns, Action<string> progress, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

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

    /// <summary>All replicas of a Deployment or StatefulSet updated and ready, or a Job or Pod finished.</summary>
    /// <exception cref="InstallationException">It does not get there in time, or never will.</exception>
    public async Task UntilAsync(
        ObjectReference what,
        string app,
        TimeSpan limit,
        string advice,
        CancellationToken cancellationToken
    )
    {
        var start = time.GetTimestamp();
        var resource = await cluster.FindResourceAsync(what.ApiVersion, what.Kind, cancellationToken);
        var query = new ListQuery { Namespace = ns, FieldSelector = $"metadata.name={what.Name}" };
        var state = "it is not there";
        while (true)
        {
            var list = await cluster.ListAsync(resource!, query, cancellationToken);
            foreach (var item in list.Items)
            {
                state = StateOf(item);
            }

            if (state.Length == 0)
            {
                return;
            }

            if (await WrongAsync(app, cancellationToken) is { } wrong)
            {
                throw new InstallationException($"to start {what}", wrong, advice);
            }

            if (time.GetElapsedTime(start) > limit)
            {
                var why = await PodsAsync(app, cancellationToken);
                throw new InstallationException(
                    $"to start {what}",
                    $"after {limit.TotalSeconds:0} s {state}. {why}",
                    advice
                );
            }

            progress(state);
            // Ends with the first change of it, or when it is time to look at the pods again.
            await using var events = cluster
                .WatchAsync(resource!, query, list.ResourceVersion, Look, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            await events.MoveNextAsync();
        }
    }

    /// <returns>What is still missing; nothing when it is done.</returns>
    private static string StateOf(JsonObject item) =>
        item["kind"]!.GetValue<string>() switch
        {
            "Pod" when item["status"]?["phase"]?.GetValue<string>() is var phase => phase == "Succeeded"
                ? ""
                : $"it is {phase ?? "Pending"}",
            "Job" => Number(item, "succeeded") > 0
                ? ""
                : $"it has not succeeded yet, {Number(item, "failed")} attempts failed",
            _ => StateOfReplicas(item),
        };

    private static string StateOfReplicas(JsonObject item)
    {
        var wanted = item["spec"]?["replicas"]?.GetValue<int>() ?? 1;
        var ready = Number(item, "readyReplicas");
        var isSeen = Number(item, "observedGeneration") >= item["metadata"]!["generation"]!.GetValue<int>();
        return
            isSeen && ready >= wanted && Number(item, "updatedReplicas") >= wanted && Number(item, "replicas") == wanted
            ? ""
            : $"{ready} of {wanted} are ready";
    }

    private static int Number(JsonObject item, string name) => item["status"]?[name]?.GetValue<int>() ?? 0;

    private async Task<string?> WrongAsync(string app, CancellationToken cancellationToken)
    {
        foreach (var (pod, name, status) in await ContainersAsync(app, cancellationToken))
        {
            var waiting = status["state"]?["waiting"];
            if (waiting?["reason"]?.GetValue<string>() is { } reason && Hopeless.Contains(reason))
            {
                return $"{pod}, {name}: {reason}: {waiting["message"]?.GetValue<string>() ?? "no message"}";
            }
        }

        return null;
    }

    private async Task<string> PodsAsync(string app, CancellationToken cancellationToken)
    {
        var said = (await ContainersAsync(app, cancellationToken)).Select(static c =>
            c.Status["state"]?["waiting"] is { } waiting
                ? $"{c.Pod} waits: {waiting["reason"]?.GetValue<string>()}"
                : $"{c.Pod} was started {c.Status["restartCount"]?.GetValue<int>() + 1} times"
        );
        return string.Join("; ", said);
    }

    private async Task<List<(string Pod, string Container, JsonObject Status)>> ContainersAsync(
        string app,
        CancellationToken cancellationToken
    )
    {
        var pods = await cluster.FindResourceAsync("v1", "Pod", cancellationToken);
        var query = new ListQuery { Namespace = ns, LabelSelector = $"app.kubernetes.io/name={app}" };
        return
        [
            .. (await cluster.ListAsync(pods!, query, cancellationToken)).Items.SelectMany(static p =>
                (p["status"]?["containerStatuses"] as JsonArray ?? [])
                    .OfType<JsonObject>()
                    .Select(s => (p["metadata"]!["name"]!.GetValue<string>(), s["name"]?.GetValue<string>() ?? "", s))
            ),
        ];
    }
}
