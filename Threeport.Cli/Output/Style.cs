namespace Threeport.Cli.Output;

/// <summary>Colours, where somebody sees them.</summary>
internal static class Style
{
    private static readonly string[] Good =
    [
        "Ready",
        "Healthy",
        "Running",
        "Active",
        "Connected",
        "Succeeded",
        "Bound",
        "True",
    ];
    private static readonly string[] Bad =
    [
        "Unhealthy",
        "ReconcileFailed",
        "Missing",
        "Failed",
        "Unreachable",
        "Warning",
    ];

    /// <summary>A status word in its colour: green is well, red is not, yellow is on the way.</summary>
    public static string Status(Terminal terminal, string text) =>
        text.Length == 0 ? text
        : Good.Contains(text) ? Paint(terminal, text, 32)
        : Bad.Contains(text) || text.EndsWith("Failed", StringComparison.Ordinal) ? Paint(terminal, text, 31)
        : Paint(terminal, text, 33);

    public static string Dim(Terminal terminal, string text) => Paint(terminal, text, 2);

    public static string Bold(Terminal terminal, string text) => Paint(terminal, text, 1);

    public static string Added(Terminal terminal, string text) => Paint(terminal, text, 32);

    public static string Removed(Terminal terminal, string text) => Paint(terminal, text, 31);

    private static string Paint(Terminal terminal, string text, int code) =>
        terminal.Colour ? $"\e[{code}m{text}\e[0m" : text;
}
