using System.Text.Json.Serialization;

namespace Threeport.Api;

/// <summary>Whether a condition holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConditionStatus>))]
public enum ConditionStatus
{
    /// <summary>Nobody has looked yet.</summary>
    Unknown,

    /// <summary>It does not hold.</summary>
    False,

    /// <summary>It holds.</summary>
    True,
}

/// <summary>One thing that can be said of a resource, by its controller.</summary>
/// <param name="Type">CamelCase, few and uniform; every resource has <c>Ready</c>.</param>
/// <param name="Status">Whether it holds.</param>
/// <param name="Reason">CamelCase, for machines, from a closed list. The reason of <c>Ready</c> is the STATUS column.</param>
/// <param name="Message">One sentence for people, stable from pass to pass; empty when there is nothing to add.</param>
public sealed record Condition(string Type, ConditionStatus Status, string Reason, string Message)
{
    /// <summary>When the status last changed.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The type that every resource has.</summary>
    public const string ReadyType = "Ready";

    /// <summary>What <c>Ready</c> is before the first pass.</summary>
    public static Condition Pending { get; } = new(ReadyType, ConditionStatus.Unknown, "Pending", "");
}
