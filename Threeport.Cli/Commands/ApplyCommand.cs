using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Files;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>apply</c>, <c>diff</c> and <c>create</c>: what files state, stored all or not at all.</summary>
internal static class ApplyCommand
{
    private static readonly Option<string[]> Files = Options.Files(
        "Resources: a file, a folder, or - for standard input"
    );
    private static readonly Option<string[]> Config = new("--config", "-c")
    {
        Description = "A configuration file",
        HelpName = "FILE",
    };
    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Show what would change and store nothing",
    };
    private static readonly Option<bool> Wait = Options.Wait("Wait until all are ready");
    private static readonly Option<string> Timeout = Options.Timeout("5m");
    private static readonly Option<string> Format = Options.Output("text", "text", "json", "yaml");

    public static Command Apply(Terminal terminal) =>
        new Command("apply", "Create or change resources so that they are as files state; all of them or none")
        {
            Files,
            DryRun,
            Wait,
            Timeout,
            Format,
        }
            .WithExamples(
                "qleetctl apply -f shop.yaml --dry-run",
                "qleetctl apply -f platform/ --wait",
                "qleetctl get wi shop -o yaml | sed s/v1/v2/ | qleetctl apply -f -"
            )
            .Does(
                terminal,
                static (session, result, token) => RunAsync(session, result, result.GetValue(Files), token)
            );

    public static Command Diff(Terminal terminal) =>
        new Command("diff", "Show what apply would change; exit code 1 when there is a difference") { Files }
            .WithExamples("qleetctl diff -f shop.yaml")
            .Does(
                terminal,
                static async (session, result, token) =>
                {
                    var resources = await ReadAsync(session, result.GetValue(Files), token);
                    var answer = await SendAsync(session, resources, "?dryRun=true", token);
                    return await DiffOutput.WriteAsync(session, resources, answer, token)
                        ? ExitCode.Failed
                        : ExitCode.Done;
                }
            );

    public static Command Create(Terminal terminal) =>
        new Command("create", "Create resources from configuration files; fails where one is there already")
        {
            new Argument<string?>("KIND")
            {
                Description = "May be given, and is then checked",
                Arity = ArgumentArity.ZeroOrOne,
            },
            Config,
            Files,
            Wait,
            Timeout,
            Format,
        }
            .WithExamples("qleetctl create workload -c shop.yaml", "qleetctl create -c shop.yaml --wait")
            .Does(terminal, CreateAsync);

    private static async Task<int> RunAsync(
        Session session,
        ParseResult result,
        string[]? files,
        CancellationToken cancellationToken
    )
    {
        var resources = await ReadAsync(session, files, cancellationToken);
        var dryRun = result.GetValue(DryRun);
        var results = await SendAsync(session, resources, dryRun ? "?dryRun=true" : "", cancellationToken);
        if (dryRun && result.GetValue(Format) == "text")
        {
            await DiffOutput.WriteAsync(session, resources, results, cancellationToken);
            return ExitCode.Done;
        }

        Show(session.Terminal, results, result.GetValue(Format)!);
        return result.GetValue(Wait) && !dryRun
            ? await WaitAsync(session, results, result, cancellationToken)
            : ExitCode.Done;
    }

    private static async Task<int> CreateAsync(Session session, ParseResult result, CancellationToken cancellationToken)
    {
        var resources = await ReadAsync(
            session,
            [.. result.GetValue(Config) ?? [], .. result.GetValue(Files) ?? []],
            cancellationToken
        );
        await RequireKindAsync(session, result.GetValue<string?>("KIND"), resources, cancellationToken);
        // Looked at first, so that none is created where one is there; the store refuses the rest of the race.
        foreach (var resource in resources)
        {
            var there = await session.Client.TrySendAsync(
                ApiRequest.Get(Session.PathOf(resource.Kind, resource.Name)),
                cancellationToken
            );
            if (there.Status == 200)
            {
                throw new FailureException(
                    resource.Describe(
                        "/name",
                        $"{resource.Kind.Singular}/{resource.Name} is there already. Use apply to change it."
                    )
                );
            }
        }

        var results = await SendAsync(session, resources, "", cancellationToken);
        Show(session.Terminal, results, result.GetValue(Format)!);
        return result.GetValue(Wait) ? await WaitAsync(session, results, result, cancellationToken) : ExitCode.Done;
    }

    private static async Task RequireKindAsync(
        Session session,
        string? name,
        IReadOnlyList<ResourceDocument> resources,
        CancellationToken cancellationToken
    )
    {
        if (name is null)
        {
            return;
        }

        var kinds = await session.KindsAsync(cancellationToken);
        var wanted = kinds.Pair(name) is { } pair ? [pair.Definition, pair.Instance] : new[] { kinds.Require(name) };
        if (resources.FirstOrDefault(r => !wanted.Contains(r.Kind)) is { } other)
        {
            throw new FailureException(
                $"{other.File}:{other.LineOf("")}: holds a {other.Kind.Singular}, not a {name}."
            );
        }
    }

    public static async Task<IReadOnlyList<ResourceDocument>> ReadAsync(
        Session session,
        string[]? files,
        CancellationToken cancellationToken
    )
    {
        if (files is null or [])
        {
            throw new FailureException("Name a file, a folder, or - for standard input: -f FILE.", ExitCode.Usage);
        }

        var kinds = await session.KindsAsync(cancellationToken);
        return await ResourceFiles.ReadAsync(files, kinds, session.Terminal.In, cancellationToken);
    }

    private static async Task<JsonArray> SendAsync(
        Session session,
        IReadOnlyList<ResourceDocument> resources,
        string query,
        CancellationToken cancellationToken
    )
    {
        var body = new JsonObject
        {
            ["resources"] = new JsonArray([.. resources.Select(static r => r.Body.DeepClone())]),
        };
        var answer = await session.Client.TrySendAsync(
            new(HttpMethod.Post, "/v0/apply" + query, body),
            cancellationToken
        );
        return answer is { Status: < 400, Body: JsonObject done }
            ? (JsonArray)done["results"]!
            : throw ToFailure(resources, answer);
    }

    /// <summary>Says each wrong field with the file and line that it stands in.</summary>
    private static FailureException ToFailure(IReadOnlyList<ResourceDocument> resources, Answer answer)
    {
        if (answer.Body?["errors"] is not JsonArray errors)
        {
            return ApiProblem.ToFailure(answer);
        }

        var lines = errors.Select(e => Describe(resources, e!["pointer"].Text(), e["detail"].Text()));
        return new(string.Join("\n       ", lines)) { Document = Json.Write(answer.Body) };
    }

    private static string Describe(IReadOnlyList<ResourceDocument> resources, string pointer, string detail) =>
        pointer.Split('/', 4) is ["", "resources", var index, ..] parts
        && int.TryParse(index, out var i)
        && i < resources.Count
            ? resources[i].Describe(parts.Length > 3 ? "/" + parts[3] : "", detail)
            : ApiProblem.Field(pointer) + detail;

    private static void Show(Terminal terminal, JsonArray results, string format)
    {
        switch (format)
        {
            case "json":
                terminal.Out.WriteLine(Json.Write(results));
                break;
            case "yaml":
                terminal.Out.Write(string.Join("---\n", results.Select(static r => Yaml.Write(r!["resource"]))));
                break;
            default:
                foreach (var result in results)
                {
                    var resource = result!["resource"]!;
                    terminal.Out.WriteLine(
                        $"{resource["kind"].Text()}/{resource["name"].Text()} {result["action"].Text()}"
                    );
                }

                break;
        }
    }

    private static async Task<int> WaitAsync(
        Session session,
        JsonArray results,
        ParseResult result,
        CancellationToken cancellationToken
    )
    {
        var kinds = await session.KindsAsync(cancellationToken);
        var waited = results
            .Select(r => (kinds.Require(r!["resource"]!["kind"].Text()), r["resource"]!["name"].Text()))
            .ToList();
        return await ReadyWait.UntilAsync(
            session,
            waited,
            ReadyWait.Goal.Ready,
            Age.Parse(result.GetValue(Timeout)!),
            cancellationToken
        );
    }
}
