using System.CommandLine;

namespace Threeport.Cli.Commands;

/// <summary>The options that several commands share.</summary>
internal static class Options
{
    public static Option<string?> ControlPlane { get; } =
        new("--control-plane")
        {
            Description = "The control plane to speak to; the current one when left out",
            HelpName = "NAME",
            Recursive = true,
        };

    public static Option<bool> Verbose { get; } =
        new("--verbose", "-v") { Description = "Tell of each request", Recursive = true };

    public static Option<bool> NoColour { get; } =
        new("--no-color") { Description = "No colours; also with NO_COLOR set", Recursive = true };

    public static Option<string> RequestTimeout { get; } =
        new("--request-timeout")
        {
            Description = "How long an answer may take",
            HelpName = "DURATION",
            DefaultValueFactory = static _ => "30s",
            Recursive = true,
        };

    public static Option<string> Output() => Output("table", "table", "wide", "json", "yaml", "name");

    public static Option<string> Output(string standard, params string[] formats)
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = $"How it is shown: {string.Join(", ", formats)}",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => standard,
        };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    public static Option<string[]> Files(string description) =>
        new("--filename", "-f")
        {
            Description = description,
            HelpName = "FILE|DIR|-",
            AllowMultipleArgumentsPerToken = true,
        };

    public static Option<bool> Wait(string description) => new("--wait") { Description = description };

    public static Option<string> Timeout(string standard) =>
        new("--timeout")
        {
            Description = "How long to wait: 30s, 5m, 1h",
            HelpName = "DURATION",
            DefaultValueFactory = _ => standard,
        };

    public static Argument<string[]> What(string description, bool required = true) =>
        new("KIND [NAME…]")
        {
            Description = description,
            Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
        };
}
