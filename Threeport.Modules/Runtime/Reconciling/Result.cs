using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>What one pass concluded. Throw to be retried with backoff; return one of these otherwise.</summary>
/// <param name="Status">Of the condition Ready.</param>
/// <param name="Reason">Of the condition Ready, CamelCase.</param>
/// <param name="Message">Of the condition Ready: one sentence, stable from pass to pass.</param>
/// <param name="RequeueAfter">Look again after this long even if nothing changes; null waits for a change.</param>
public sealed record Result(ConditionStatus Status, string Reason, string Message, TimeSpan? RequeueAfter = null)
{
    /// <summary>Done.</summary>
    public static Result Ready { get; } = new(ConditionStatus.True, "Ready", "");

    /// <summary>Done, in the kind's own word for it.</summary>
    public static Result Done(string reason, string message = "", TimeSpan? requeueAfter = null) =>
        new(ConditionStatus.True, reason, message, requeueAfter);

    /// <summary>Not there yet and nothing is wrong: look again later, or when something watched changes.</summary>
    public static Result Waiting(string reason, string message, TimeSpan? requeueAfter = null) =>
        new(ConditionStatus.False, reason, message, requeueAfter);

    /// <summary>Cannot succeed until the spec or something watched changes, so it is not retried.</summary>
    public static Result Rejected(string reason, string message) => new(ConditionStatus.False, reason, message);

    /// <summary>Whether Ready is True.</summary>
    public bool IsReady => Status is ConditionStatus.True;
}
