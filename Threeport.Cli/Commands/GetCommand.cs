using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>get</c>: tables of resources, or resources as they are.</summary>
internal static class GetCommand
{
    private static readonly Argument<string[]> What = Options.What("A kind, KIND NAME…, or KIND/NAME…");
    private static readonly Option<string> Format = Options.Output();
    private static readonly Option<string[]> Filter = new("--filter")
    {
        Description = "Only those with this value in this field: status!=Healthy, spec.location=Local",
        HelpName = "FIELD=VALUE",
    };
    private static readonly Option<string[]> Label = new("--label", "-l")
    {
        Description = "Only those with this label: team=web",
        HelpName = "KEY=VALUE",
    };
    private static readonly Option<string?> Sort = new("--sort")
    {
        Description = "By this field, with - before it for descending: -age",
        HelpName = "FIELD",
    };
    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "This many at the most; all when left out",
        DefaultValueFactory = static _ => int.MaxValue,
    };
    private static readonly Option<bool> Watch = new("--watch", "-w") { Description = "Go on and show each change" };

    public static Command Create(Terminal terminal) =>
        new Command("get", "Show resources") { What, Format, Filter, Label, Sort, Limit, Watch }
            .WithExamples(
                "qleetctl get workloads",
                "qleetctl get workload-instances --filter 'status!=Healthy' --sort -age -o wide",
                "qleetctl get wi hello -o yaml",
                "qleetctl get workload-instances --watch"
            )
            .Does(terminal, RunAsync);

    private static async Task<int> RunAsync(Session session, ParseResult result, CancellationToken cancellationToken)
    {
        var format = result.GetValue(Format)!;
        var query = Query(result);
        var shown = 0;
        foreach (var group in CommandExtensions.Targets(result.GetValue(What)!).GroupBy(static t => t.Kind))
        {
            var kind = await session.KindAsync(group.Key, cancellationToken);
            var names = group.Select(static t => t.Name).OfType<string>().ToList();
            if (result.GetValue(Watch))
            {
                return await WatchCommand.FollowAsync(session, [kind], names, cancellationToken);
            }

            var found = new List<JsonObject>();
            foreach (var name in names)
            {
                found.Add(await session.GetAsync(kind, name, cancellationToken));
            }

            if (names.Count == 0)
            {
                await foreach (
                    var resource in session.ListAsync(kind, query, result.GetValue(Limit), cancellationToken)
                )
                {
                    found.Add(resource);
                }
            }

            if (shown++ > 0 && format is "table" or "wide")
            {
                session.Terminal.Out.WriteLine();
            }

            Show(session.Terminal, kind, found, format, single: names.Count == 1);
        }

        return ExitCode.Done;
    }

    private static void Show(Terminal terminal, Kind kind, List<JsonObject> found, string format, bool single)
    {
        switch (format)
        {
            case "json":
                terminal.Out.WriteLine(Json.Write(single ? found[0] : ListOf(found)));
                break;
            case "yaml":
                terminal.Out.Write(string.Join("---\n", found.Select(Yaml.Write)));
                break;
            case "name":
                found.ForEach(r => terminal.Out.WriteLine($"{kind.Singular}/{r["name"].Text()}"));
                break;
            default:
                if (found.Count == 0)
                {
                    terminal.Error.WriteLine($"There are no {kind.Plural}.");
                    break;
                }

                KindTable.Write(terminal, kind, found, wide: format == "wide");
                break;
        }
    }

    private static JsonObject ListOf(List<JsonObject> found) =>
        new() { ["items"] = new JsonArray([.. found.Select(static r => (JsonNode)r)]) };

    private static string Query(ParseResult result)
    {
        var terms = (result.GetValue(Filter) ?? [])
            .Concat((result.GetValue(Label) ?? []).Select(static l => $"labels.{l}"))
            .Select(Term);
        var sort = result.GetValue(Sort) is { } field ? $"&sort={Uri.EscapeDataString(field)}" : "";
        return string.Concat(terms) + sort;
    }

    private static string Term(string text)
    {
        var at = text.IndexOf('=');
        return at > 0
            ? $"&{Uri.EscapeDataString(text[..at])}={Uri.EscapeDataString(text[(at + 1)..])}"
            : throw new FailureException(
                $"\"{text}\" is not a filter. Write FIELD=VALUE or FIELD!=VALUE.",
                ExitCode.Usage
            );
    }
}
