using System.CommandLine;
using System.CommandLine.Parsing;
using Threeport.Cli.Commands;

namespace Threeport.Cli;

/// <summary>Runs a command line, and turns whatever goes wrong into one line and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(
        string[] arguments,
        Terminal terminal,
        CancellationToken cancellationToken = default
    )
    {
        var root = CommandTree.Create(terminal);
        var parsed = root.Parse(arguments);
        parsed.CommandResult.Command.ShowExamples();
        if (parsed.GetValue(Options.NoColour))
        {
            terminal.Colour = false;
        }

        if (parsed.Errors.Count > 0 || MistypedOption(parsed) is not null)
        {
            terminal.Error.WriteLine($"Error: {Usage(root, parsed)}");
            return ExitCode.Usage;
        }

        try
        {
            try
            {
                return await InvokeAsync(parsed, terminal, cancellationToken);
            }
            catch (InterruptedException e)
            {
                // Here nothing waits for the command to end any more: there is time for an answer.
                return await e.After();
            }
        }
        catch (FailureException e)
        {
            Tell(terminal, parsed, e);
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("Interrupted. What the control plane has accepted goes on by itself.");
            return ExitCode.Interrupted;
        }
    }

    private static Task<int> InvokeAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken) =>
        parsed.InvokeAsync(
            new()
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(5),
            },
            cancellationToken
        );

    private static void Tell(Terminal terminal, ParseResult parsed, FailureException failure)
    {
        var format = parsed.CommandResult.Command.Options.FirstOrDefault(static o => o.Name == "--output");
        if (failure.Document is { } document && format is Option<string> output && parsed.GetValue(output) == "json")
        {
            terminal.Error.WriteLine(document);
            return;
        }

        terminal.Error.WriteLine($"Error: {failure.Message}");
    }

    /// <summary>The first error, with what was probably meant where a word is not known.</summary>
    private static string Usage(RootCommand root, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var unknown = MistypedOption(parsed) ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
        var error = parsed.Errors.Count > 0 ? parsed.Errors[0].Message : $"There is no option \"{unknown}\"";
        var candidates = unknown?.StartsWith('-') is true
            ? command.Options.Concat(root.Options).Select(static o => o.Name)
            : command.Subcommands.Where(static c => !c.Hidden).Select(static c => c.Name);
        if (unknown is not null && command.Subcommands.Count > 0)
        {
            error = $"There is no command \"{unknown}\"";
        }

        var hint = unknown is null ? "" : Suggest.Hint(unknown, candidates);
        return $"{error.TrimEnd('.')}.{hint} See `qleetctl {(command == root ? "" : command.Name + " ")}--help`.";
    }

    /// <summary>An option that is not known is taken for a name by a command that takes any number of them.</summary>
    private static string? MistypedOption(ParseResult parsed) =>
        parsed.CommandResult.Command.Hidden
            ? null
            : parsed
                .CommandResult.Children.OfType<ArgumentResult>()
                .SelectMany(static a => a.Tokens)
                .Select(static t => t.Value)
                .FirstOrDefault(static v => v is ['-', _, ..]);
}
