using System.Text.Json.Nodes;

namespace Threeport.Installation;

/// <summary>What may be done to the pods of a StatefulSet now: decided from the objects alone.</summary>
internal sealed record Turn
{
    /// <summary>What has to come to pass first; null when nothing has.</summary>
    public string? Waits { get; private init; }

    /// <summary>One that is not as the set says, and not well: it is of no use to any quorum, and may go at once.</summary>
    public JsonObject? Broken { get; private init; }

    /// <summary>Those that are not as the set says and well; one of them may go.</summary>
    public IReadOnlyList<JsonObject> Old { get; private init; } = [];

    /// <summary>Whether all are as they are to be.</summary>
    public bool IsDone => Waits is null && Broken is null && Old.Count == 0;

    public static Turn Of(JsonObject? set, IReadOnlyList<JsonObject> pods)
    {
        if (set is null || !NewestPods.IsSeen(set))
        {
            return new() { Waits = "the cluster has not taken note of it yet" };
        }

        var revision = set["status"]?["updateRevision"]?.GetValue<string>();
        var staying = pods.Where(static p => p["metadata"]!["deletionTimestamp"] is null).ToList();
        var old = staying.Where(p => NewestPods.Label(p, "controller-revision-hash") != revision).ToList();
        if (old.Find(static p => !IsReady(p)) is { } broken)
        {
            return new() { Broken = broken };
        }

        var wanted = set["spec"]?["replicas"]?.GetValue<int>() ?? 1;
        var ready = staying.Count(IsReady);
        return ready < wanted || staying.Count < pods.Count
            ? new() { Waits = $"{ready} of {wanted} are ready, {old.Count} still to be replaced" }
            : new() { Old = old };
    }

    /// <summary>The primary goes last; else as the cluster itself would: from the last to the first.</summary>
    public JsonObject Next(string? primary) =>
        Old.OrderBy(p => Name(p) == primary).ThenByDescending(Name, StringComparer.Ordinal).First();

    private static string Name(JsonObject pod) => pod["metadata"]!["name"]!.GetValue<string>();

    private static bool IsReady(JsonObject pod) =>
        (pod["status"]?["conditions"] as JsonArray ?? []).Any(static c =>
            c?["type"]?.GetValue<string>() == "Ready" && c["status"]?.GetValue<string>() == "True"
        );
}
