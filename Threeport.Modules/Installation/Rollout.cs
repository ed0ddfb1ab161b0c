using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>Waits until what was applied is there and well, and says early what keeps it.</summary>
internal sealed class Rollout(
    ClusterClient cluster,
    string ns,
    TimeSpan limit,
    Action<string> progress,
    TimeProvider time
)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private readonly NewestPods _pods = new(cluster, ns);

    /// <summary>All replicas of a Deployment or StatefulSet updated and ready, or a Job or Pod finished.</summary>
    /// <exception cref="InstallationException">It does not get there in time, or never will.</exception>
    public async Task UntilAsync(ObjectReference what, string app, string advice, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var resource = await cluster.FindResourceAsync(what.ApiVersion, what.Kind, cancellationToken);
        var query = new ListQuery { Namespace = ns, FieldSelector = $"metadata.name={what.Name}" };
        while (true)
        {
            var list = await cluster.ListAsync(resource!, query, cancellationToken);
            var item = list.Items.Count > 0 ? list.Items[0] : null;
            var state = item is null ? "it is not there" : StateOf(item);
            if (state.Length == 0)
            {
                return;
            }

            if (await WrongAsync(item, app, cancellationToken) is { } wrong)
            {
                throw new InstallationException($"to start {what}", wrong, advice);
            }

            if (time.GetElapsedTime(start) > limit)
            {
                var why = await _pods.SayAsync(item, app, cancellationToken);
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
        var (ready, updated) = (Number(item, "readyReplicas"), Number(item, "updatedReplicas"));
        var isSeen = Number(item, "observedGeneration") >= item["metadata"]!["generation"]!.GetValue<int>();
        return isSeen && ready >= wanted && updated >= wanted && Number(item, "replicas") == wanted ? ""
            : isSeen && updated < wanted ? $"{updated} of {wanted} are updated, {ready} ready"
            : $"{ready} of {wanted} are ready";
    }

    private static int Number(JsonObject item, string name) => item["status"]?[name]?.GetValue<int>() ?? 0;

    private async Task<string?> WrongAsync(JsonObject? item, string app, CancellationToken cancellationToken) =>
        await _pods.WrongAsync(item, app, cancellationToken)
        ?? (
            item is not null && HasFailed(item)
                ? $"it failed: {await _pods.SayAsync(item, app, cancellationToken)}"
                : null
        );

    /// <summary>A Pod that ended otherwise than it was to, or a Job that is not tried again.</summary>
    private static bool HasFailed(JsonObject item) =>
        Text(item["status"], "phase") == "Failed"
        || (item["status"]?["conditions"] as JsonArray ?? []).Any(static c =>
            Text(c, "type") == "Failed" && Text(c, "status") == "True"
        );

    private static string? Text(JsonNode? node, string name) => node?[name]?.GetValue<string>();
}
