using System.Text.Json.Nodes;

namespace Threeport.Server.Resources;

/// <summary>One change that a client made.</summary>
internal sealed record HistoryRow
{
    /// <summary>The verb of what was not there before.</summary>
    public const string Create = "create";

    /// <summary>A UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The plural of the kind.</summary>
    public required string Kind { get; init; }

    public required Guid ResourceId { get; init; }

    public required string Name { get; init; }

    /// <summary>The revision that the change made.</summary>
    public required long Revision { get; init; }

    public required long Generation { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who: <c>admin</c>, <c>controller:workloads</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>create, put, patch, delete, remove.</summary>
    public required string Verb { get; init; }

    /// <summary>Where from: an address, or <c>in-process</c>.</summary>
    public required string From { get; init; }

    /// <summary>Fields that differ from before; sensitive values redacted. Of a creation none is stored: it is the whole spec.</summary>
    public required IReadOnlyList<FieldChange> Changes { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The spec as it was then; sensitive values redacted.</summary>
    public required JsonObject Spec { get; init; }
}

/// <summary>A field that changed.</summary>
/// <param name="Pointer">Where: <c>/spec/yamlDocument</c>.</param>
/// <param name="Old">Before; null when it was not there.</param>
/// <param name="New">After; null when it is not there any more.</param>
internal sealed record FieldChange(string Pointer, JsonNode? Old, JsonNode? New);
