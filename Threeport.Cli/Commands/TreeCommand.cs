using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary>
/// <c>tree</c>: a resource, what it depends on, and what there is of it, down to the pod. It knows no kind: what belongs to a resource
/// is told by owner references, and whatever of it lists <c>objects</c> is shown as a tree by their owners.
/// </summary>
internal static class TreeCommand
{
    private static readonly Argument<string[]> What = Options.What("KIND NAME, or KIND/NAME");

    public static Command Create(Terminal terminal) =>
        new Command("tree", "Show a resource with what it depends on and what it is made of, down to the pod") { What }
            .WithExamples("qleetctl tree workload hello")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var (kind, name) = await EventsCommand.SingleAsync(
                        session,
                        result.GetValue(What)!,
                        cancellationToken
                    );
                    var root = await BuildAsync(session, kind, name, cancellationToken);
                    Write(session.Terminal, root);
                    return ExitCode.Done;
                }
            );

    private static async Task<TreeNode> BuildAsync(
        Session session,
        Kind kind,
        string name,
        CancellationToken cancellationToken
    )
    {
        var kinds = await session.KindsAsync(cancellationToken);
        var resource = await session.GetAsync(kind, name, cancellationToken);
        var root = new TreeNode(name, Json.Field(resource, "status"), Json.Field(resource, "message"));
        foreach (var (path, plural, _) in kind.References)
        {
            if (kind.Named(resource, path) is { Length: > 0 } referred)
            {
                root.Children.Add(await ReferenceAsync(session, kinds.OfPlural(plural), referred, cancellationToken));
            }
        }

        foreach (var owned in kinds.All)
        {
            foreach (var (path, _, _) in owned.References.Where(r => r.Owner && r.Kind == kind.Plural))
            {
                await foreach (
                    var part in session.ListAsync(
                        owned,
                        $"&{path}={Uri.EscapeDataString(name)}",
                        500,
                        cancellationToken
                    )
                )
                {
                    root.Children.AddRange(ObjectTree.Of(part["spec"]?["objects"] as JsonArray));
                }
            }
        }

        return root;
    }

    private static async Task<TreeNode> ReferenceAsync(
        Session session,
        Kind kind,
        string name,
        CancellationToken cancellationToken
    )
    {
        var word = kind.Singular.Split('-') is { Length: > 2 } or [_, "definition"]
            ? kind.Singular.Replace("kubernetes-runtime-instance", "runtime").Split('-')[^1]
            : kind.Singular;
        var answer = await session.Client.TrySendAsync(ApiRequest.Get(Session.PathOf(kind, name)), cancellationToken);
        if (answer is not { Status: 200, Body: JsonObject found })
        {
            return new($"{word} {name}", "Missing", "");
        }

        // What the kind's table shows of its status says it best.
        var facts = kind
            .Columns.Where(static c => c.Path.StartsWith("status.", StringComparison.Ordinal) && !c.Wide)
            .Select(c => (c.Header, Value: Json.Field(found, c.Path)))
            .Where(static f => f.Value.Length > 0)
            .Select(static f => $"{f.Header.ToLowerInvariant()} {f.Value}");
        var message = Json.Field(found, "message");
        return new(
            $"{word} {name}",
            Json.Field(found, "status"),
            message.Length > 0 ? message : string.Join(", ", facts)
        );
    }

    private static void Write(Terminal terminal, TreeNode root)
    {
        var lines = new List<(string Left, TreeNode Node)>();
        Collect(root, "", "", lines);
        var width = Math.Min(60, lines.Max(static l => l.Left.Length));
        var status = lines.Max(static l => l.Node.Status.Length);
        foreach (var (left, node) in lines)
        {
            var line =
                $"{left.PadRight(width)}  {Style.Status(terminal, node.Status)}{new string(' ', status - node.Status.Length)}  {node.Message}";
            terminal.Out.WriteLine(line.TrimEnd());
        }
    }

    private static void Collect(TreeNode node, string first, string rest, List<(string, TreeNode)> lines)
    {
        lines.Add((first + node.Name, node));
        for (var i = 0; i < node.Children.Count; i++)
        {
            var last = i == node.Children.Count - 1;
            Collect(node.Children[i], rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "), lines);
        }
    }
}

/// <summary>A line of the tree.</summary>
internal sealed record TreeNode(string Name, string Status, string Message)
{
    public List<TreeNode> Children { get; } = [];
}

/// <summary>Objects that name their owner and their namespace, as trees.</summary>
internal static class ObjectTree
{
    public static IEnumerable<TreeNode> Of(JsonArray? objects)
    {
        var all = (objects ?? []).OfType<JsonObject>().ToList();
        var roots = all.Where(static o => o["owner"] is null).ToLookup(static o => o["namespace"].Text());
        var namespaces = roots.Select(static r => r.Key).Where(static n => n.Length > 0).ToList();
        foreach (var space in namespaces)
        {
            var itself = roots[""].FirstOrDefault(o => IsNamespace(o, [space]));
            var node = new TreeNode(
                $"namespace {space}",
                itself is null ? "" : Summary(itself),
                itself?["message"].Text() ?? ""
            );
            node.Children.AddRange(Children(roots[space], all));
            yield return node;
        }

        foreach (var node in Children(roots[""].Where(o => !IsNamespace(o, namespaces)), all))
        {
            yield return node;
        }
    }

    private static bool IsNamespace(JsonObject one, List<string> names) =>
        one["kind"].Text() == "Namespace" && names.Contains(one["name"].Text());

    private static IEnumerable<TreeNode> Children(IEnumerable<JsonObject> some, List<JsonObject> all)
    {
        foreach (var one in some)
        {
            var key = $"{one["kind"].Text()}/{one["name"].Text()}";
            var made = all.Where(o => o["owner"].Text() == key && o["namespace"].Text() == one["namespace"].Text());
            // A ReplicaSet between a Deployment and its Pods tells nobody anything.
            if (one["kind"].Text() == "ReplicaSet" && one["owner"] is not null)
            {
                foreach (var pod in Children(made, all))
                {
                    yield return pod;
                }

                continue;
            }

            var age = Age.Of(one["createdAt"].Text(), TimeProvider.System.GetUtcNow());
            var message = one["message"].Text();
            var node = new TreeNode(
                $"{one["kind"].Text()} {one["name"].Text()}",
                Summary(one),
                message.Length > 0 ? message : age
            );
            node.Children.AddRange(Children(made, all));
            yield return node;
        }
    }

    private static string Summary(JsonObject one) =>
        one["summary"].Text() is { Length: > 0 } summary ? summary : one["health"].Text();
}
