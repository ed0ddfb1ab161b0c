namespace Threeport.Cli;

/// <summary>Where the command reads from and writes to. Results go to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
internal sealed class Terminal
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>Whether a person looks at the results, rather than a pipe.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether a person looks at the diagnostics.</summary>
    public bool ErrorIsInteractive { get; init; }

    /// <summary>Characters in a line; none is cut off when it is not a terminal.</summary>
    public int Width { get; init; } = int.MaxValue;

    public bool Colour { get; set; }

    public static Terminal System()
    {
        var (interactive, errors) = (!Console.IsOutputRedirected, !Console.IsErrorRedirected);
        return new()
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            IsInteractive = interactive,
            ErrorIsInteractive = errors,
            Width = interactive ? Math.Max(40, Console.WindowWidth) : int.MaxValue,
            Colour = interactive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
    }
}
