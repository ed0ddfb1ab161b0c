using System.CommandLine;
using Threeport.Cli.Clusters;
using Threeport.Cli.Clusters.Eks;
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
        Description =
            "local (a process of this machine, the default), kind (a cluster in Docker, made for it), eks (a cluster at AWS, made for it) or kubernetes (one that you have)",
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
    public static readonly Option<string?> Binary = new("--threeport")
    {
        Description = "With local and eks: the threeport binary; beside qleetctl or on the PATH when left out",
        HelpName = "FILE",
    };
    private static readonly Option<string> Timeout = Options.Timeout("60s");
    private static readonly Option<bool> Purge = new("--purge") { Description = "Also remove its state and forget it" };
    private static readonly Option<bool> Force = new("--force") { Description = "Even while workloads run" };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask" };
    private static readonly Option<bool> Forget = new("--forget")
    {
        Description = "Only forget it on this machine; for one whose cluster is gone",
    };

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
            "qleetctl up --name dev --provider kind",
            "qleetctl up --name prod --provider kubernetes --context prod --size ha",
            "qleetctl up --name prod --provider eks --aws-region eu-central-1 --image-registry registry.example.com/threeport"
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
            Forget,
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
        var provider = result.GetValue(Provider) ?? InstallationRecord.Find(name)?.Provider ?? "local";
        return provider switch
        {
            ClusterCommands.Kubernetes or KindProvider.Name or EksProvider.Name => ClusterCommands.UpAsync(
                terminal,
                WithoutLocal(result, provider),
                name,
                provider,
                cancellationToken
            ),
            "local" => UpLocalAsync(terminal, result, name, cancellationToken),
            _ => throw new FailureException(
                $"--provider \"{provider}\": local, kind, eks or kubernetes",
                ExitCode.Usage
            ),
        };
    }

    private static ParseResult WithoutLocal(ParseResult result, string provider)
    {
        // At AWS that program makes the cluster, and asks AWS before.
        Option[] local = provider == EksProvider.Name ? [Data, Listen, Timeout] : [Data, Listen, Binary, Timeout];
        return local.FirstOrDefault(o => result.GetResult(o) is { Implicit: false }) is { } one
            ? throw new FailureException($"{one.Name} means nothing with --provider {provider}.", ExitCode.Usage)
            : result;
    }

    private static async Task<int> UpLocalAsync(
        Terminal terminal,
        ParseResult result,
        string name,
        CancellationToken cancellationToken
    )
    {
        ClusterOptions.RefuseOthers(result, "local");
        if (InstallationRecord.Find(name) is { } other)
        {
            throw new FailureException(
                $"\"{name}\" was begun with --provider {other.Provider}. Choose another name with --name."
            );
        }

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
                new(result.GetValue(Force), result.GetValue(Yes), result.GetValue(Forget)),
                cancellationToken
            );
        }

        if (result.GetValue(Forget))
        {
            throw new FailureException(
                "--forget is for what was put into a cluster. Use --purge for one of this machine.",
                ExitCode.Usage
            );
        }

        return await DownLocalAsync(terminal, result, LocalEntry(config, name), cancellationToken);
    }

    private static ControlPlane LocalEntry(ConfigFile config, string name) =>
        config.ControlPlanes.Find(c => c.Name == name) switch
        {
            { Data: not null } entry => entry,
            null => throw new FailureException(
                $"There is no control plane \"{name}\" in {config.Path}.{Suggest.Hint(name, config.ControlPlanes.Select(static c => c.Name))}"
            ),
            _ => throw new FailureException($"\"{name}\" was not started on this machine by `qleetctl up`."),
        };

    private static async Task<int> DownLocalAsync(
        Terminal terminal,
        ParseResult result,
        ControlPlane entry,
        CancellationToken cancellationToken
    )
    {
        var (name, data) = (entry.Name, entry.Data!);
        var local = new LocalControlPlane(data);
        if (!result.GetValue(Force) && local.Process() is not null)
        {
            await InUse.RefuseAsync(
                terminal,
                entry,
                static kind =>
                    kind.Pair is not null
                    && kind.References.Any(static r => r.Kind.EndsWith("-instances", StringComparison.Ordinal)),
                static _ => true,
                cancellationToken
            );
        }

        if (result.GetValue(Purge) && !result.GetValue(Yes) && !Confirmed(terminal, data))
        {
            return ExitCode.Failed;
        }

        await local.StopAsync(cancellationToken);
        if (result.GetValue(Purge))
        {
            local.Remove();
            var config = ConfigFile.Load();
            config.ControlPlanes.RemoveAll(c => c.Name == name);
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
