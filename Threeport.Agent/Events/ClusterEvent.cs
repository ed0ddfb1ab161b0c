using System.Text.Json.Nodes;
using Threeport.Agent.Objects;
using Threeport.Api;

namespace Threeport.Agent.Events;

/// <summary>What is kept of a Kubernetes event.</summary>
internal sealed record ClusterEvent
{
    private const int MaximumMessage = 500;

    public static readonly ObjectType Kind = new("v1", "Event");

    public required string Uid { get; init; }

    /// <summary>Of the object that it is about.</summary>
    public required string ObjectUid { get; init; }

    public required bool IsWarning { get; init; }

    public required string Reason { get; init; }

    public required string Message { get; init; }

    public required string Source { get; init; }

    public required int Count { get; init; }

    public required DateTimeOffset? LastSeen { get; init; }

    /// <returns>Null when it is about nothing.</returns>
    public static ClusterEvent? Of(JsonObject content)
    {
        var about = content.Text("involvedObject", "uid");
        var series = content.Count("series", "count");
        return about.Length == 0
            ? null
            : new()
            {
                Uid = content.Text("metadata", "uid"),
                ObjectUid = about,
                IsWarning = content.Text("type") == "Warning",
                Reason = string.Intern(content.Text("reason")),
                Message = Cut(content.Text("message").Trim()),
                Source = string.Intern(First(content.Text("source", "component"), content.Text("reportingComponent"))),
                Count = Math.Max(1, Math.Max(series, content.Count("count"))),
                LastSeen =
                    content.Time("series", "lastObservedTime")
                    ?? content.Time("lastTimestamp")
                    ?? content.Time("eventTime")
                    ?? content.Time("metadata", "creationTimestamp"),
            };
    }

    /// <summary>As an event of the workload, with the object's name, for a workload has many.</summary>
    public ResourceEventRecord For(TrackedObject about) =>
        new(
            IsWarning ? EventType.Warning : EventType.Normal,
            Reason,
            $"{about.Reference.Kind} {about.Reference.Name}: {Message}"
        )
        {
            Source = First(Source, "kubernetes"),
            Count = Count,
            LastSeen = LastSeen,
        };

    private static string First(string one, string other) => one.Length > 0 ? one : other;

    private static string Cut(string text) => text.Length <= MaximumMessage ? text : text[..(MaximumMessage - 1)] + "…";
}
