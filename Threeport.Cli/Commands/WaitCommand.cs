using System.CommandLine;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>wait</c>.</summary>
internal static class WaitCommand
{
    private static readonly Argument<string[]> What = Options.What("KIND NAME…, or KIND/NAME…");
    private static readonly Option<string> Timeout = Options.Timeout("5m");
    private static readonly Option<string> For = MakeFor();

    public static Command Create(Terminal terminal) =>
        new Command("wait", "Wait until resources are ready, or gone; exit code 2 when not in time")
        {
            What,
            For,
            Timeout,
        }
            .WithExamples("qleetctl wait workload-instance shop --timeout 2m", "qleetctl wait wi/shop --for deleted")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var resources = new List<(Kind, string)>();
                    foreach (var (word, name) in CommandExtensions.Targets(result.GetValue(What)!))
                    {
                        var kind = await session.KindAsync(word, cancellationToken);
                        resources.Add(
                            (
                                kind,
                                name
                                    ?? throw new FailureException(
                                        $"Which {kind.Singular}? Write its name.",
                                        ExitCode.Usage
                                    )
                            )
                        );
                    }

                    var goal = result.GetValue(For) == "deleted" ? ReadyWait.Goal.Deleted : ReadyWait.Goal.Ready;
                    if (goal is ReadyWait.Goal.Ready)
                    {
                        // One that does not exist would be waited for in vain.
                        foreach (var (kind, name) in resources)
                        {
                            await session.GetAsync(kind, name, cancellationToken);
                        }
                    }

                    return await ReadyWait.UntilAsync(
                        session,
                        resources,
                        goal,
                        Age.Parse(result.GetValue(Timeout)!),
                        cancellationToken
                    );
                }
            );

    private static Option<string> MakeFor()
    {
        var option = new Option<string>("--for")
        {
            Description = "ready or deleted",
            DefaultValueFactory = static _ => "ready",
        };
        option.AcceptOnlyFromAmong("ready", "deleted");
        return option;
    }
}
