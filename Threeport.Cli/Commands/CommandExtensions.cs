using System.CommandLine;
using Threeport.Cli.Configuration;
using Threeport.Cli.Connection;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary>How a command is put together.</summary>
internal static class CommandExtensions
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Command, string[]> Examples = [];

    /// <summary>Adds examples to what <c>--help</c> prints of this command.</summary>
    public static Command WithExamples(this Command command, params string[] examples)
    {
        Examples.Add(command, examples);
        return command;
    }

    /// <summary>Called for the command that was typed alone: a list of commands is to be read at a glance.</summary>
    public static void ShowExamples(this Command command)
    {
        if (Examples.TryGetValue(command, out var examples))
        {
            command.Description += "\n\nExamples:\n  " + string.Join("\n  ", examples);
        }
    }

    /// <summary>What the command does, given a session with the control plane that was chosen.</summary>
    public static Command Does(
        this Command command,
        Terminal terminal,
        Func<Session, ParseResult, CancellationToken, Task<int>> action
    )
    {
        command.SetAction(
            async (result, cancellationToken) =>
            {
                using var session = SessionOf(terminal, result);
                await OwnCertificate.RenewIfDueAsync(session, cancellationToken);
                return await action(session, result, cancellationToken);
            }
        );
        return command;
    }

    public static Session SessionOf(Terminal terminal, ParseResult result) =>
        new(
            terminal,
            ConfigFile.Load().Find(result.GetValue(Options.ControlPlane)),
            Age.Parse(result.GetValue(Options.RequestTimeout)!),
            result.GetValue(Options.Verbose)
        );

    /// <summary>Splits <c>KIND NAME…</c>, <c>KIND/NAME …</c> and <c>KIND</c> into kinds with the names that are meant.</summary>
    public static IReadOnlyList<(string Kind, string? Name)> Targets(IReadOnlyList<string> words)
    {
        if (words.Any(static w => w.Contains('/')))
        {
            return words.All(static w => w.Contains('/'))
                ? [.. words.Select(static w => (w.Split('/', 2)[0], (string?)w.Split('/', 2)[1]))]
                : throw new FailureException("Write KIND NAME …, or KIND/NAME … for each.", ExitCode.Usage);
        }

        return words.Count == 1
            ? [.. words[0].Split(',').Select(static k => (k, (string?)null))]
            : [.. words.Skip(1).Select(name => (words[0], (string?)name))];
    }
}
