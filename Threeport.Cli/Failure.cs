namespace Threeport.Cli;

/// <summary>The exit codes, as <c>qleetctl --help</c> documents them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int NotReady = 2;
    public const int Usage = 3;
    public const int Interrupted = 130;
}

/// <summary>The command cannot go on: one line that says what, where and what next.</summary>
internal sealed class FailureException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>The problem document, for <c>-o json</c>.</summary>
    public string? Document { get; init; }
}

/// <summary>The user ended the command, and there is something to say or to ask about what it left.</summary>
/// <param name="after">Does that; Ctrl-C ends it at once.</param>
internal sealed class InterruptedException(Func<Task<int>> after) : Exception
{
    /// <returns>The exit code.</returns>
    public Func<Task<int>> After { get; } = after;
}
