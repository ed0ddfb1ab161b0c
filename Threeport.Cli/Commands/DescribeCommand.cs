using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>describe</c>: what a resource is, why it is as it is, what it depends on and what depends on it.</summary>
internal static class DescribeCommand
{
    private const int MaxUsers = 20;
    private const int MaxEvents = 15;
    private static readonly Argument<string[]> What = Options.What("KIND NAME…, or KIND/NAME…");

    public static Command Create(Terminal terminal) =>
        new Command("describe", "Tell everything about a resource, first of all why it is not ready") { What }
            .WithExamples("qleetctl describe workload-instance billing", "qleetctl describe wi/billing")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    foreach (var (kindName, name) in CommandExtensions.Targets(result.GetValue(What)!))
                    {
                        var kind = await session.KindAsync(kindName, cancellationToken);
                        await DescribeAsync(
                            session,
                            kind,
                            name
                                ?? throw new FailureException(
                                    $"Which {kind.Singular}? Write its name.",
                                    ExitCode.Usage
                                ),
                            cancellationToken
                        );
                    }

                    return ExitCode.Done;
                }
            );

    private static async Task DescribeAsync(
        Session session,
        Kind kind,
        string name,
        CancellationToken cancellationToken
    )
    {
        var resource = await session.GetAsync(kind, name, cancellationToken);
        var events = await ItemsAsync(session, $"{Session.PathOf(kind, name)}/events", cancellationToken);
        var (terminal, status) = (session.Terminal, Json.Field(resource, "status"));
        terminal.Out.WriteLine($"{Style.Bold(terminal, $"{kind.Singular}/{name}")}  {Style.Status(terminal, status)}");
        if (Json.Field(resource, "message") is { Length: > 0 } message)
        {
            terminal.Out.WriteLine($"  {message}");
        }

        WriteIdentity(terminal, resource);
        WriteFields(terminal, "Spec", resource["spec"]);
        WriteFields(terminal, "Status", resource["status"]);
        WriteConditions(terminal, resource);
        await WriteRelationsAsync(session, kind, resource, cancellationToken);
        WriteEvents(terminal, events);
    }

    private static void WriteIdentity(Terminal terminal, JsonObject resource)
    {
        var now = TimeProvider.System.GetUtcNow();
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"Id           {resource["id"].Text()}");
        terminal.Out.WriteLine(
            $"Generation   {resource["generation"].Text()}, of which {resource["observedGeneration"].Text()} was acted on; revision {resource["revision"].Text()}"
        );
        terminal.Out.WriteLine(
            $"Created      {Age.Of(resource["createdAt"].Text(), now)} ago, changed {Age.Of(resource["updatedAt"].Text(), now)} ago"
        );
        if (resource["labels"] is JsonObject { Count: > 0 } labels)
        {
            terminal.Out.WriteLine(
                $"Labels       {string.Join(", ", labels.Select(static l => $"{l.Key}={l.Value.Text()}"))}"
            );
        }
    }

    private static void WriteFields(Terminal terminal, string title, JsonNode? fields)
    {
        if (fields is not JsonObject { Count: > 0 } members)
        {
            return;
        }

        Title(terminal, title);
        foreach (var line in Yaml.Write(members).TrimEnd().Split('\n'))
        {
            terminal.Out.WriteLine("  " + line);
        }
    }

    private static void WriteConditions(Terminal terminal, JsonObject resource)
    {
        Title(terminal, "Conditions");
        var table = new Table("  TYPE", "STATUS", "REASON", "SINCE", "");
        foreach (var condition in resource["conditions"] as JsonArray ?? [])
        {
            table.Add(
                "  " + condition!["type"].Text(),
                condition["status"].Text(),
                condition["reason"].Text(),
                Age.Of(condition["since"].Text(), TimeProvider.System.GetUtcNow()),
                condition["message"].Text()
            );
        }

        table.Write(terminal);
    }

    private static void WriteEvents(Terminal terminal, IReadOnlyList<JsonNode> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        Title(terminal, "Events");
        var table = new Table("  LAST", "COUNT", "TYPE", "REASON", "FROM", "") { StatusColumn = 2 };
        foreach (var e in events.Take(MaxEvents))
        {
            table.Add(EventsCommand.Row(e, "  "));
        }

        table.Write(terminal);
    }

    private static async Task WriteRelationsAsync(
        Session session,
        Kind kind,
        JsonObject resource,
        CancellationToken cancellationToken
    )
    {
        var kinds = await session.KindsAsync(cancellationToken);
        var (terminal, name) = (session.Terminal, resource["name"].Text());
        var needs = kind
            .References.Select(r => (kinds.OfPlural(r.Kind), kind.Named(resource, r.Path)))
            .Where(static r => r.Item2.Length > 0)
            .ToList();
        if (needs.Count > 0)
        {
            Title(terminal, "Depends on");
            foreach (var (needed, neededName) in needs)
            {
                await WriteRelationAsync(session, needed, neededName, cancellationToken);
            }
        }

        var users = new List<string>();
        foreach (var user in kinds.All)
        {
            foreach (var (path, _, owner) in user.References.Where(r => r.Kind == kind.Plural && !r.Owner))
            {
                await foreach (
                    var found in session.ListAsync(
                        user,
                        $"&{path}={Uri.EscapeDataString(name)}",
                        MaxUsers + 1,
                        cancellationToken
                    )
                )
                {
                    users.Add(
                        $"  {user.Singular}/{found["name"].Text()}  {Style.Status(terminal, Json.Field(found, "status"))}"
                    );
                }
            }
        }

        if (users.Count > 0)
        {
            Title(terminal, "Used by");
            users.Take(MaxUsers).ToList().ForEach(terminal.Out.WriteLine);
            if (users.Count > MaxUsers)
            {
                terminal.Out.WriteLine("  … and more");
            }
        }
    }

    private static async Task WriteRelationAsync(
        Session session,
        Kind kind,
        string name,
        CancellationToken cancellationToken
    )
    {
        var answer = await session.Client.TrySendAsync(ApiRequest.Get(Session.PathOf(kind, name)), cancellationToken);
        var status = answer is { Status: 200, Body: JsonObject found } ? Json.Field(found, "status") : "Missing";
        session.Terminal.Out.WriteLine($"  {kind.Singular}/{name}  {Style.Status(session.Terminal, status)}");
    }

    public static async Task<IReadOnlyList<JsonNode>> ItemsAsync(
        Session session,
        string path,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                (await session.Client.SendAsync(ApiRequest.Get(path), cancellationToken)).Body?["items"] as JsonArray
                ?? []
            ).OfType<JsonNode>(),
        ];

    private static void Title(Terminal terminal, string title)
    {
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(Style.Bold(terminal, title));
    }
}
