using System.CommandLine;
using System.Text;
using Threeport.BackupFormat;

namespace Threeport.Cli.Commands;

/// <summary>Where the passphrase of a backup comes from: a file, the environment, or who sits there. Never the command line, which others see.</summary>
internal static class PassphraseOption
{
    private const string Variable = "THREEPORT_BACKUP_PASSPHRASE";

    public static Option<string?> File { get; } =
        new("--passphrase-file")
        {
            Description = $"A file with the passphrase; else {Variable}, else it is asked for",
            HelpName = "FILE",
        };

    /// <param name="terminal">Where it is asked for.</param>
    /// <param name="result">Of the command line.</param>
    /// <param name="twice">It is a new one: what is mistyped would be noticed when it is needed.</param>
    /// <exception cref="FailureException">There is none, or it is not good enough.</exception>
    public static string Read(Terminal terminal, ParseResult result, bool twice)
    {
        var (source, passphrase) = Find(terminal, result.GetValue(File), twice);
        return Passphrase.Wrong(passphrase) is { } wrong
            ? throw new FailureException($"The passphrase from {source}: {wrong}", ExitCode.Usage)
            : passphrase;
    }

    private static (string Source, string Passphrase) Find(Terminal terminal, string? file, bool twice)
    {
        if (file is not null)
        {
            return ($"--passphrase-file {file}", OfFile(file));
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set)
        {
            return (Variable, set);
        }

        if (!terminal.ErrorIsInteractive || Console.IsInputRedirected)
        {
            throw new FailureException(
                $"There is nobody to ask for the passphrase. Name a file with --passphrase-file, or set {Variable}.",
                ExitCode.Usage
            );
        }

        var typed = Ask(terminal, "Passphrase of the backup: ");
        return twice && Ask(terminal, "The same again: ") != typed
            ? throw new FailureException("The two are not the same.", ExitCode.Usage)
            : ("the terminal", typed);
    }

    /// <summary>An editor ends the line, and that is not meant.</summary>
    private static string OfFile(string file)
    {
        try
        {
            return System.IO.File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"--passphrase-file: {e.Message}", ExitCode.Usage);
        }
    }

    /// <summary>Without showing it.</summary>
    private static string Ask(Terminal terminal, string question)
    {
        terminal.Error.Write(question);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key is ConsoleKey.Backspace)
            {
                typed.Length -= typed.Length > 0 ? 1 : 0;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        terminal.Error.WriteLine();
        return typed.ToString();
    }
}
