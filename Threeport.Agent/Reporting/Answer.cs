using Threeport.Api;

namespace Threeport.Agent.Reporting;

/// <summary>What the control plane answered.</summary>
/// <param name="Status">The HTTP status; 0 when no answer came.</param>
/// <param name="Message">Why it was not done.</param>
/// <param name="RetryAfter">When it would like to be asked again.</param>
internal sealed record Answer(int Status, string Message = "", TimeSpan? RetryAfter = null)
{
    public bool IsDone => Status is >= 200 and < 300;

    /// <summary>No answer, too busy, failing, or not (or no longer) knowing who we are: nothing wrong with what was sent.</summary>
    public bool IsTransient => Status is 0 or 401 or 408 or 429 or >= 500;

    public static Answer Of(int status, Problem? problem, TimeSpan? retryAfter) =>
        new(status, problem is null ? $"HTTP {status}" : new ProblemException(problem).Message, retryAfter);
}
