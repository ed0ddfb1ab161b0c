namespace Threeport.Kubernetes;

/// <summary>A call to a Kubernetes API server that did not do what was asked.</summary>
/// <param name="status">The HTTP status; 0 when no answer came.</param>
/// <param name="reason">Kubernetes' own word: <c>NotFound</c>, <c>Forbidden</c>, <c>Invalid</c>, …, or <see cref="UnreachableReason"/>.</param>
/// <param name="message">Kubernetes' own sentence, or what kept it from answering.</param>
/// <param name="inner">What was thrown below.</param>
public sealed class KubernetesException(int status, string reason, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The reason when no answer came.</summary>
    public const string UnreachableReason = "Unreachable";

    /// <summary>The HTTP status; 0 when no answer came.</summary>
    public int Status { get; } = status;

    /// <summary>Kubernetes' own word for it.</summary>
    public string Reason { get; } = reason;

    /// <summary>After how long the server would like to be asked again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>No answer came: the server is away, refuses to talk, or is not the one it should be.</summary>
    public bool IsUnreachable => Status == 0;

    /// <summary>There is no such object or type of object.</summary>
    public bool IsNotFound => Status == 404;

    /// <summary>The resource version is too old to go on from: list again.</summary>
    public bool IsGone => Status == 410;

    /// <summary>Asking again may help: the server is away, busy or failing.</summary>
    public bool IsTransient => Status is 0 or 429 or >= 500;
}
