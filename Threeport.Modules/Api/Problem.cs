using System.Text.Json.Serialization;

namespace Threeport.Api;

/// <summary>Why a request was not done: an RFC 9457 problem document.</summary>
public sealed record Problem
{
    /// <summary>The media type of a problem document.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>What all <see cref="Type"/>s start with.</summary>
    public const string TypePrefix = "https://threeport.io/problems/";

    /// <summary>What sort of problem, as an address: <c>https://threeport.io/problems/validation</c>, …</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The sort in words, the same for all of a type.</summary>
    public string Title { get; init; } = "";

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>This case in words: what, where, and what next.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>The trace that the request belongs to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    /// <summary>One entry for each wrong field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProblemError>? Errors { get; init; }

    /// <summary>What else is in the way, as <c>kind/name</c>: the users of a resource that cannot be deleted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Blockers { get; init; }
}

/// <summary>One wrong field.</summary>
/// <param name="Pointer">Where, as an RFC 6901 JSON pointer into the body, for example <c>/spec/location</c>.</param>
/// <param name="Detail">What is wrong and what is allowed.</param>
public sealed record ProblemError(string Pointer, string Detail);

/// <summary>A request that was not done, and why.</summary>
/// <param name="problem">What the answer is.</param>
public sealed class ProblemException(Problem problem) : Exception(Describe(problem))
{
    /// <summary>What the answer is.</summary>
    public Problem Problem { get; } = problem;

    private static string Describe(Problem problem) =>
        problem.Errors is { Count: > 0 } errors
            ? string.Join("; ", errors.Select(static e => $"{e.Pointer}: {e.Detail}"))
            : problem.Detail ?? problem.Title;
}
