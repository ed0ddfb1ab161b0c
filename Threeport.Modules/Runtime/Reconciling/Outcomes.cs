using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>What a pass that ended one way or another means for its resource. Decides, touches nothing.</summary>
internal static class Outcomes
{
    /// <summary>The reason of <c>Ready</c>, and of the event, of a pass that threw.</summary>
    public const string FailedReason = "ReconcileFailed";

    private const int LongestMessage = 500;

    /// <summary>It returned.</summary>
    public static PassOutcome Of<T>(Pass<T> pass, Result result)
        where T : Resource, IKind =>
        new()
        {
            ObservedGeneration = pass.Resource.Generation,
            Conditions = WithReady(pass, new(Condition.ReadyType, result.Status, result.Reason, result.Message)),
            Events = pass.Events,
            RequeueAfter = result.RequeueAfter,
            Remove = pass.Resource.DeletionRequestedAt is not null && result.IsReady,
        };

    /// <summary>It threw: seen in the condition and as an event, and tried again after a while, for ever.</summary>
    public static PassOutcome Failed<T>(Pass<T> pass, string message, TimeSpan backoff)
        where T : Resource, IKind
    {
        var shown = Shorten(message);
        return new()
        {
            Conditions = WithReady(pass, new(Condition.ReadyType, ConditionStatus.False, FailedReason, shown)),
            Events = [.. pass.Events, new(EventType.Warning, FailedReason, shown)],
            RequeueAfter = backoff,
            Failed = true,
        };
    }

    /// <summary>It was cut short because the process stops: whoever is left goes on at once.</summary>
    public static PassOutcome HandedBack<T>(Pass<T> pass)
        where T : Resource, IKind =>
        new()
        {
            Conditions = [.. pass.Conditions.Values],
            Events = pass.Events,
            RequeueAfter = TimeSpan.Zero,
        };

    /// <summary>The first line of it, so that a condition stays one sentence.</summary>
    public static string Shorten(string message)
    {
        var line = message.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return line.Length <= LongestMessage ? line.ToString() : $"{line[..LongestMessage]}…";
    }

    private static IReadOnlyList<Condition> WithReady<T>(Pass<T> pass, Condition ready)
        where T : Resource, IKind =>
        [ready, .. pass.Conditions.Values.Where(static c => c.Type != Condition.ReadyType)];
}
