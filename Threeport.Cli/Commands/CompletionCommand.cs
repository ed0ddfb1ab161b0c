using System.CommandLine;
using Threeport.Cli.Configuration;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>completion</c>: the scripts for shells, and the hidden <c>__complete</c> that they call.</summary>
internal static class CompletionCommand
{
    private static readonly string[] TakeKinds =
    [
        "get",
        "describe",
        "edit",
        "delete",
        "wait",
        "watch",
        "history",
        "rollback",
        "events",
        "tree",
        "explain",
        "create",
    ];

    public static Command Scripts(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script that completes commands, kinds and names")
        {
            shell,
        }.WithExamples(
            "source <(qleetctl completion bash)",
            "qleetctl completion fish > ~/.config/fish/completions/qleetctl.fish"
        );
        command.SetAction(result =>
        {
            terminal.Out.WriteLine(
                result.GetValue(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    _ => Fish,
                }
            );
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Prints what may stand next, one a line. It says nothing when it cannot know: a shell waits for it.</summary>
    public static Command Complete(Terminal terminal, Func<RootCommand> root)
    {
        var words = new Argument<string[]>("WORDS") { Arity = ArgumentArity.ZeroOrMore, CaptureRemainingTokens = true };
        var command = new Command("__complete") { words };
        command.Hidden = true;
        command.SetAction(
            async (result, cancellationToken) =>
            {
                try
                {
                    foreach (var item in await ItemsAsync(terminal, root(), result.GetValue(words)!, cancellationToken))
                    {
                        terminal.Out.WriteLine(item);
                    }
                }
                catch (FailureException)
                {
                    // Not reachable, not configured: there is nothing to offer.
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task<IEnumerable<string>> ItemsAsync(
        Terminal terminal,
        RootCommand root,
        string[] words,
        CancellationToken cancellationToken
    )
    {
        var current = words.Length > 0 ? words[^1] : "";
        var before = words.Take(Math.Max(0, words.Length - 1)).Where(static w => !w.StartsWith('-')).ToList();
        Command command = root;
        var depth = 0;
        while (depth < before.Count && command.Subcommands.FirstOrDefault(c => c.Name == before[depth]) is { } sub)
        {
            (command, depth) = (sub, depth + 1);
        }

        if (current.StartsWith('-'))
        {
            var options = command.Options.Concat(root.Options.Where(static o => o.Recursive));
            return Starting(options.Select(static o => o.Name), current);
        }

        if (command.Subcommands.Count > 0)
        {
            return Starting(command.Subcommands.Where(static c => !c.Hidden).Select(static c => c.Name), current);
        }

        if (command.Parents.Any(static p => p.Name == "config") && command.Name is "use" or "remove" or "rename")
        {
            return Starting(ConfigFile.Load().ControlPlanes.Select(static c => c.Name), current);
        }

        return TakeKinds.Contains(command.Name)
            ? await ResourcesAsync(terminal, [.. before.Skip(depth)], current, cancellationToken)
            : [];
    }

    private static async Task<IEnumerable<string>> ResourcesAsync(
        Terminal terminal,
        List<string> given,
        string current,
        CancellationToken cancellationToken
    )
    {
        using var session = new Session(
            terminal,
            ConfigFile.Load().Find(null),
            TimeSpan.FromSeconds(2),
            verbose: false
        );
        var kinds = await session.KindsAsync(cancellationToken);
        var (word, prefix, shown) = current.Split('/', 2) is [var left, var right]
            ? (left, right, left + "/")
            : (given.Count > 0 ? given[0] : null, current, "");
        if (word is null)
        {
            return Starting(kinds.All.Select(static k => k.Plural), current);
        }

        if (kinds.Find(word) is not { } kind)
        {
            return [];
        }

        var names = new List<string>();
        await foreach (var resource in session.ListAsync(kind, "", 500, cancellationToken))
        {
            names.Add(resource["name"].Text());
        }

        return Starting(names, prefix).Select(n => shown + n);
    }

    private static IEnumerable<string> Starting(IEnumerable<string> items, string prefix) =>
        items.Where(i => i.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private const string Bash = """
        _qleetctl() {
          local IFS=$'\n'
          COMPREPLY=($(qleetctl __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
        }
        complete -F _qleetctl qleetctl
        """;

    private const string Zsh = """
        #compdef qleetctl
        _qleetctl() {
          local -a items
          items=("${(@f)$(qleetctl __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
          compadd -a items
        }
        compdef _qleetctl qleetctl
        """;

    private const string Fish = """
        complete -c qleetctl -f -a '(qleetctl __complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
        """;
}
