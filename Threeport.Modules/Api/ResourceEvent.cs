using System.Text.Json.Serialization;

namespace Threeport.Api;

/// <summary>How an event is meant.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventType>))]
public enum EventType
{
    /// <summary>Something went as it should.</summary>
    Normal,

    /// <summary>Something did not.</summary>
    Warning,
}

/// <summary>Something that happened to a resource. Those of one resource with the same type, reason and message are one, counted.</summary>
/// <param name="Type">How it is meant.</param>
/// <param name="Reason">CamelCase, for machines.</param>
/// <param name="Message">One sentence for people; nothing secret.</param>
public sealed record ResourceEventRecord(EventType Type, string Reason, string Message)
{
    /// <summary>What saw it: <c>controller</c>, <c>agent</c>, or the Kubernetes component.</summary>
    public string Source { get; init; } = "controller";

    /// <summary>How often it happened in all, where the source counts by itself; null adds one.</summary>
    public int? Count { get; init; }

    /// <summary>When it last happened, where the source knows; null is now.</summary>
    public DateTimeOffset? LastSeen { get; init; }
}

/// <summary>An event as it is stored and served.</summary>
public sealed record ResourceEvent
{
    /// <summary>How it is meant.</summary>
    public required EventType Type { get; init; }

    /// <summary>CamelCase, for machines.</summary>
    public required string Reason { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Message { get; init; }

    /// <summary>What saw it.</summary>
    public required string Source { get; init; }

    /// <summary>How often.</summary>
    public required int Count { get; init; }

    /// <summary>When it first happened.</summary>
    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>When it last happened.</summary>
    public required DateTimeOffset LastSeen { get; init; }
}
