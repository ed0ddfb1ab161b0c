using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>delete</c>.</summary>
internal static class DeleteCommand
{
    private static readonly Argument<string[]> What = Options.What("KIND NAME…, or KIND/NAME…", required: false);
    private static readonly Option<string[]> Files = Options.Files("Delete what these files state, last first");
    private static readonly Option<string[]> Config = new("--config", "-c")
    {
        Description = "A configuration file; as -f",
        HelpName = "FILE",
    };
    private static readonly Option<bool> Wait = Options.Wait("Wait until all are gone");
    private static readonly Option<string> Timeout = Options.Timeout("5m");
    private static readonly Option<bool> Explain = new("--explain")
    {
        Description = "List everything that is in the way",
    };
    private static readonly Option<bool> Yes = new("--yes", "-y")
    {
        Description = "Accepted for scripts; nothing is asked",
    };

    public static Command Create(Terminal terminal) =>
        new Command("delete", "Delete resources; what others use is refused")
        {
            What,
            Files,
            Config,
            Wait,
            Timeout,
            Explain,
            Yes,
        }
            .WithExamples(
                "qleetctl delete workload-instance billing --wait",
                "qleetctl delete workload hello        the instance, then its definition",
                "qleetctl delete -f shop.yaml"
            )
            .Does(terminal, RunAsync);

    private static async Task<int> RunAsync(Session session, ParseResult result, CancellationToken cancellationToken)
    {
        var targets = await TargetsAsync(session, result, cancellationToken);
        var timeout = Age.Parse(result.GetValue(Timeout)!);
        var going = new List<(Kind Kind, string Name)>();
        foreach (var (kind, name) in targets)
        {
            // What a resource that is still going uses cannot go before it.
            if (going.Count > 0 && going.Exists(g => g.Kind.References.Any(r => r.Kind == kind.Plural)))
            {
                var code = await ReadyWait.UntilAsync(
                    session,
                    going,
                    ReadyWait.Goal.Deleted,
                    timeout,
                    cancellationToken
                );
                if (code != ExitCode.Done)
                {
                    return code;
                }

                going.Clear();
            }

            if (await DeleteAsync(session, kind, name, result.GetValue(Explain), cancellationToken))
            {
                going.Add((kind, name));
            }
        }

        return result.GetValue(Wait) && going.Count > 0
            ? await ReadyWait.UntilAsync(session, going, ReadyWait.Goal.Deleted, timeout, cancellationToken)
            : ExitCode.Done;
    }

    /// <returns>Whether it is still going.</returns>
    private static async Task<bool> DeleteAsync(
        Session session,
        Kind kind,
        string name,
        bool explain,
        CancellationToken cancellationToken
    )
    {
        var answer = await session.Client.TrySendAsync(
            new(HttpMethod.Delete, Session.PathOf(kind, name)),
            cancellationToken
        );
        if (answer.Status == 404)
        {
            // Says it with what was probably meant.
            await session.GetAsync(kind, name, cancellationToken);
        }

        if (answer.Status >= 400)
        {
            if (explain && answer.Body?["blockers"] is JsonArray blockers)
            {
                foreach (var blocker in blockers)
                {
                    session.Terminal.Error.WriteLine(blocker.Text());
                }
            }

            throw ApiProblem.ToFailure(answer);
        }

        session.Terminal.Out.WriteLine(
            $"{kind.Singular}/{name} {(answer.Status == 202 ? "is being deleted" : "deleted")}"
        );
        return answer.Status == 202;
    }

    private static async Task<IReadOnlyList<(Kind Kind, string Name)>> TargetsAsync(
        Session session,
        ParseResult result,
        CancellationToken cancellationToken
    )
    {
        var kinds = await session.KindsAsync(cancellationToken);
        string[] files = [.. result.GetValue(Files) ?? [], .. result.GetValue(Config) ?? []];
        if (files.Length > 0)
        {
            var resources = await ApplyCommand.ReadAsync(session, files, cancellationToken);
            return
            [
                .. resources
                    .Reverse()
                    .OrderBy(static r => r.Kind.Pair is null ? 1 : 0)
                    .ThenBy(static r => r.Kind.References.Count == 0)
                    .Select(static r => (r.Kind, r.Name)),
            ];
        }

        var targets = new List<(Kind, string)>();
        foreach (var (word, name) in CommandExtensions.Targets(Words(result)))
        {
            if (name is null)
            {
                throw new FailureException($"Which? Write the names: qleetctl delete {word} NAME…", ExitCode.Usage);
            }

            if (kinds.Pair(word) is { } pair)
            {
                targets.Add((pair.Instance, name));
                targets.Add((pair.Definition, name));
            }
            else
            {
                targets.Add((await session.KindAsync(word, cancellationToken), name));
            }
        }

        return targets;
    }

    private static string[] Words(ParseResult result) =>
        result.GetValue(What) is { Length: > 0 } words
            ? words
            : throw new FailureException("Name what to delete: KIND NAME…, or -f FILE.", ExitCode.Usage);
}
