using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>watch</c>: a line for each change.</summary>
internal static class WatchCommand
{
    private static readonly Argument<string[]> Which = new("KIND…")
    {
        Description = "The kinds to watch; all when left out",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create(Terminal terminal) =>
        new Command("watch", "Show what there is, then each change as it happens") { Which }
            .WithExamples("qleetctl watch workload-instances", "qleetctl watch")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var kinds = new List<Kind>();
                    foreach (var name in result.GetValue(Which)!)
                    {
                        kinds.Add(await session.KindAsync(name, cancellationToken));
                    }

                    return await FollowAsync(session, kinds, [], cancellationToken);
                }
            );

    /// <param name="session">The session.</param>
    /// <param name="kinds">Which; with none, all that the caller may read.</param>
    /// <param name="names">Which resources of them; with none, all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> FollowAsync(
        Session session,
        IReadOnlyList<Kind> kinds,
        List<string> names,
        CancellationToken cancellationToken
    )
    {
        var query = kinds.Count == 0 ? "" : $"?kinds={string.Join(',', kinds.Select(static k => k.Plural))}";
        var known = kinds.Count > 0 ? kinds : [.. (await session.KindsAsync(cancellationToken)).All];
        while (true)
        {
            await foreach (var change in session.Client.WatchAsync("/v0/watch" + query, cancellationToken))
            {
                if (change.Data is JsonObject data && (names.Count == 0 || names.Contains(data["name"].Text())))
                {
                    Write(session.Terminal, known, change, data);
                }
            }

            // The server ended it: everything is told anew.
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    private static void Write(Terminal terminal, IReadOnlyList<Kind> kinds, ServerEvent change, JsonObject data)
    {
        if (
            change.Name is not ("put" or "deleted")
            || kinds.FirstOrDefault(k => k.Singular == data["kind"].Text()) is not { } kind
        )
        {
            return;
        }

        var name = $"{kind.Singular}/{data["name"].Text()}";
        var (status, message) =
            change.Name == "deleted" ? ("Gone", "") : (Json.Field(data, "status"), Json.Field(data, "message"));
        terminal.Out.WriteLine($"{name, -40}  {Style.Status(terminal, status)}  {message}".TrimEnd());
        terminal.Out.Flush();
    }
}
