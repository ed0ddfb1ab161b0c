using System.CommandLine;
using Threeport.Cli.Clusters;
using Threeport.Cli.Configuration;
using Threeport.Cli.Local;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>up</c>, <c>down</c> and <c>status</c> of a control plane on this machine.</summary>
internal static class UpCommand
{
    private static readonly Option<string> Name = new("--name")
    {
        Description = "What you call it",
        DefaultValueFactory = static _ => "local",
    };
    private static readonly Option<string?> Provider = new("--provider")
    {
        Description = "local (a process of this machine, the default) or kubernetes",
        HelpName = "PROVIDER",
    };
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Where it keeps its state",
        HelpName = "DIR",
        DefaultValueFactory = static _ => LocalControlPlane.DefaultData,
    };
    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "The address that it listens on",
        HelpName = "URL",
        DefaultValueFactory = static _ => "https://127.0.0.1:8443",
    };
    private static readonly Option<string?> Binary = new("--threeport")
    {
        Description = "The threeport binary; beside qleetctl or on the PATH when left out",
        HelpName = "FILE",
    };
    private static readonly Option<string> Timeout = Options.Timeout("60s");
    private static readonly Option<bool> Purge = new("--purge") { Description = "Also remove its state and forget it" };
    private static readonly Option<bool> Force = new("--force") { Description = "Even while workloads run" };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask" };

    public static Command Up(Terminal terminal)
    {
        var command = new Command("up", "Start a control plane on this machine, or put one into a Kubernetes cluster")
        {
            Name,
            Provider,
            Data,
            Listen,
            Binary,
            Timeout,
        }.WithExamples(
            "qleetctl up",
            "qleetctl up --name test --data /tmp/test --listen https://127.0.0.1:9443",
            "qleetctl up --name prod --provider kubernetes --context prod --size ha"
        );
        foreach (var option in ClusterOptions.All)
        {
            command.Options.Add(option);
        }

        command.SetAction((result, cancellationToken) => UpAsync(terminal, result, cancellationToken));
        return command;
    }

    public static Command Down(Terminal terminal)
    {
        var command = new Command(
            "down",
            "Stop the control plane on this machine, or take one out of its cluster; works without its API"
        )
        {
            Name,
            Purge,
            Force,
            Yes,
        }.WithExamples("qleetctl down", "qleetctl down --name test --purge --yes");
        command.SetAction((result, cancellationToken) => DownAsync(terminal, result, cancellationToken));
        return command;
    }

    public static Command Status(Terminal terminal) =>
        new Command("status", "Tell how the control plane is").Does(
            terminal,
            static async (session, _, cancellationToken) =>
            {
                var answer = await session.Client.TrySendAsync(Connection.ApiRequest.Get("/readyz"), cancellationToken);
                var status = answer.Body?["status"].Text() ?? "not ready";
                var word = status switch
                {
                    "ready" => "Ready",
                    "observing" => "Observing",
                    _ => status,
                };
                var terminal = session.Terminal;
                terminal.Out.WriteLine(
                    $"{session.ControlPlane.Name}  {session.ControlPlane.Endpoint}  {Style.Status(terminal, word)}"
                );
                foreach (var (name, state) in answer.Body?["checks"] as System.Text.Json.Nodes.JsonObject ?? [])
                {
                    terminal.Out.WriteLine($"  {name, -10} {state.Text()}");
                }

                if (word == "Observing")
                {
                    terminal.Out.WriteLine(
                        "  It was restored and changes nothing: `qleetctl restore show` lists what it would, `qleetctl restore confirm` lets it."
                    );
                }

                return answer.Status == 200 ? ExitCode.Done : ExitCode.NotReady;
            }
        );

    private static Task<int> UpAsync(Terminal terminal, ParseResult result, CancellationToken cancellationToken)
    {
        var name = result.GetValue(Name)!;
        return (result.GetValue(Provider) ?? InstallationRecord.Find(name)?.Provider ?? "local") switch
        {
            ClusterCommands.Kubernetes => ClusterCommands.UpAsync(terminal, result, name, cancellationToken),
            "local" => UpLocalAsync(terminal, result, name, cancellationToken),
            var other => throw new FailureException($"--provider \"{other}\": local or kubernetes", ExitCode.Usage),
        };
    }

    private static async Task<int> UpLocalAsync(
        Terminal terminal,
        ParseResult result,
        string name,
        CancellationToken cancellationToken
    )
    {
        var listen = result.GetValue(Listen)!;
        var local = new LocalControlPlane(Path.GetFullPath(result.GetValue(Data)!));
        var config = ConfigFile.Load();
        if (config.ControlPlanes.Find(c => c.Name == name) is { } known && known.Data != local.Data)
        {
            throw new FailureException(
                $"\"{name}\" is another control plane ({known.Data ?? known.Endpoint}). Choose another name with --name."
            );
        }

        var running = local.Process();
        if (running is null)
        {
            local.Start(LocalControlPlane.FindBinary(result.GetValue(Binary)), listen);
        }

        await local.UntilReadyAsync(name, listen, Age.Parse(result.GetValue(Timeout)!), cancellationToken);
        config.Set(local.Entry(name, listen));
        // The first becomes the current one; another choice is never changed silently.
        config.Current ??= name;
        config.Save();
        terminal.Out.WriteLine(
            $"{name} {(running is null ? "is up" : "runs already")} at {listen}  (data in {local.Data})"
        );
        if (config.Current != name)
        {
            terminal.Error.WriteLine($"Commands go to {config.Current}; `qleetctl config use {name}` changes that.");
        }

        return ExitCode.Done;
    }

    private static async Task<int> DownAsync(Terminal terminal, ParseResult result, CancellationToken cancellationToken)
    {
        var config = ConfigFile.Load();
        var name = result.GetValue(Name)!;
        if (InstallationRecord.Find(name) is { } installation)
        {
            return await ClusterCommands.DownAsync(
                terminal,
                installation,
                result.GetValue(Force),
                result.GetValue(Yes),
                cancellationToken
            );
        }

        var entry = config.ControlPlanes.Find(c => c.Name == name);
        if (entry is not { Data: { } data })
        {
            throw new FailureException(
                entry is null
                    ? $"There is no control plane \"{name}\" in {config.Path}.{Suggest.Hint(name, config.ControlPlanes.Select(static c => c.Name))}"
                    : $"\"{name}\" was not started on this machine by `qleetctl up`."
            );
        }

        var local = new LocalControlPlane(data);
        if (!result.GetValue(Force) && local.Process() is not null)
        {
            await RefuseWhileInUseAsync(terminal, entry, cancellationToken);
        }

        if (result.GetValue(Purge) && !result.GetValue(Yes) && !Confirmed(terminal, data))
        {
            return ExitCode.Failed;
        }

        await local.StopAsync(cancellationToken);
        if (result.GetValue(Purge))
        {
            local.Remove();
            config.ControlPlanes.Remove(entry);
            config.Current = config.Current == name ? null : config.Current;
            config.Save();
        }

        terminal.Out.WriteLine(
            result.GetValue(Purge)
                ? $"{name} is gone, with its data."
                : $"{name} is stopped; its data is kept in {data}."
        );
        return ExitCode.Done;
    }

    /// <summary>Workloads go on without a control plane, but nobody looks after them: that is to be meant.</summary>
    private static async Task RefuseWhileInUseAsync(
        Terminal terminal,
        ControlPlane entry,
        CancellationToken cancellationToken
    )
    {
        using var session = new Session(terminal, entry, TimeSpan.FromSeconds(5), verbose: false);
        var running = new List<string>();
        try
        {
            foreach (
                var kind in (await session.KindsAsync(cancellationToken)).All.Where(static k =>
                    k.Pair is not null
                    && k.References.Any(static r => r.Kind.EndsWith("-instances", StringComparison.Ordinal))
                )
            )
            {
                await foreach (var resource in session.ListAsync(kind, "", 4, cancellationToken))
                {
                    running.Add($"{kind.Singular}/{resource["name"].Text()}");
                }
            }
        }
        catch (FailureException)
        {
            // Its API is dead, so nobody can say; stopping it must work all the same.
            return;
        }

        if (running.Count > 0)
        {
            throw new FailureException(
                $"{string.Join(", ", running.Take(3))}{(running.Count > 3 ? ", …" : "")} would be left without a control plane. Delete them first, or use --force."
            );
        }
    }

    private static bool Confirmed(Terminal terminal, string data)
    {
        if (!terminal.ErrorIsInteractive)
        {
            throw new FailureException($"This removes {data}. Say --yes.", ExitCode.Usage);
        }

        terminal.Error.Write($"Remove {data} with everything in it? [y/N] ");
        return terminal.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
