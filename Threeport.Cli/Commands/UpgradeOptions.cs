using System.CommandLine;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary>The options of <c>upgrade</c>, and what they mean for a control plane in a cluster and for one on this machine alike.</summary>
internal static class UpgradeOptions
{
    public static readonly Option<string> Name = new("--name")
    {
        Description = "Which control plane",
        DefaultValueFactory = static _ => "local",
    };
    public static readonly Option<string?> Tag = Text(
        "--image-tag",
        "TAG",
        "The images' tag; qleetctl's own version when left out"
    );
    public static readonly Option<string?> Registry = Text(
        "--image-registry",
        "REFERENCE",
        "Where they are; where they were when left out"
    );
    public static readonly Option<string?> Binary = Text(
        "--threeport",
        "FILE",
        "Of a local one: the other threeport; beside qleetctl or on the PATH when left out"
    );
    public static readonly Option<string?> Kubeconfig = Text(
        "--kubeconfig",
        "FILE",
        "The cluster's kubeconfig; as at `up` when left out"
    );
    public static readonly Option<string?> Context = Text(
        "--context",
        "NAME",
        "The context in it; as at `up` when left out"
    );
    public static readonly Option<string?> BackupFile = Text(
        "--backup",
        "FILE",
        "Where the database is backed up to first; beside the configuration when left out"
    );
    public static readonly Option<string?> Images = Text(
        "--images",
        "DIR",
        "With kind: archives of the images; where they were when left out"
    );
    public static readonly Option<bool> NoBackup = new("--no-backup") { Description = "You have one" };
    public static readonly Option<bool> KeepServers = new("--keep-servers")
    {
        Description = "PostgreSQL and NATS stay as they are",
    };
    public static readonly Option<bool> Back = new("--back") { Description = "Go back to the version before" };
    public static readonly Option<string> Timeout = Options.Timeout("5m");
    public static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask" };

    public static TimeSpan Limit(ParseResult result) => Age.Parse(result.GetValue(Timeout)!);

    /// <summary>An option that would be ignored is a mistake.</summary>
    public static void Refuse(ParseResult result, Option option, string what)
    {
        if (result.GetResult(option) is { Implicit: false })
        {
            throw new FailureException($"{option.Name} means nothing {what}.", ExitCode.Usage);
        }
    }

    public static bool Confirmed(Terminal terminal, string question)
    {
        if (!terminal.ErrorIsInteractive)
        {
            throw new FailureException($"{question} Say --yes.", ExitCode.Usage);
        }

        terminal.Error.Write($"{question} [y/N] ");
        return terminal.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };
}
