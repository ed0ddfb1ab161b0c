namespace Threeport.Kubernetes;

/// <summary>What the command <c>kind</c> cannot do.</summary>
/// <param name="reason">One word: <see cref="CommandMissing"/>, <see cref="DockerMissing"/> or <see cref="CommandFailed"/>.</param>
/// <param name="message">A sentence for people, with what to do where that is known.</param>
public sealed class KindException(string reason, string message) : Exception(message)
{
    /// <summary>There is no such command here.</summary>
    public const string CommandMissing = "KindMissing";

    /// <summary>What it makes clusters in does not answer.</summary>
    public const string DockerMissing = "DockerMissing";

    /// <summary>It said no, or did not end.</summary>
    public const string CommandFailed = "KindFailed";

    /// <summary>One word.</summary>
    public string Reason { get; } = reason;
}
