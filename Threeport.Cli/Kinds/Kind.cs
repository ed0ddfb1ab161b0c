using System.Text.Json.Nodes;
using Threeport.Cli.Output;

namespace Threeport.Cli.Kinds;

/// <summary>A kind, as discovery describes it.</summary>
internal sealed class Kind(JsonObject description)
{
    private readonly HashSet<(string Path, string Name)> _except =
    [
        .. Array(description, "references")
            .SelectMany(static r => Array((JsonObject)r!, "except").Select(e => (r!["path"].Text(), e.Text()))),
    ];

    public const string InstanceSuffix = "-instance";
    public const string DefinitionSuffix = "-definition";

    public string Plural { get; } = description["plural"].Text();

    public string Singular { get; } = description["singular"].Text();

    public string Summary { get; } = description["summary"].Text();

    public string Module { get; } = description["module"].Text();

    public IReadOnlyList<string> ShortNames { get; } =
    [.. Array(description, "shortNames").Select(static n => n.Text())];

    public IReadOnlyList<(string Header, string Path, bool IsAge, bool Wide)> Columns { get; } =
    [
        .. Array(description, "columns")
            .Select(static c =>
                (c!["header"].Text(), c["path"].Text(), c["format"].Text() == "age", c["wide"].Text() == "true")
            ),
    ];

    public IReadOnlyList<(string Path, string Kind, bool Owner)> References { get; } =
    [
        .. Array(description, "references")
            .Select(static r => (r!["path"].Text(), r["kind"].Text(), r["owner"].Text() == "true")),
    ];

    /// <summary>The resource that one of the references names; empty when none does.</summary>
    public string Named(JsonNode resource, string path) =>
        Json.Field(resource, path) is var name && _except.Contains((path, name)) ? "" : name;

    public JsonObject Schema { get; } = description["schema"] as JsonObject ?? [];

    /// <summary>The fields of the spec by name.</summary>
    public JsonObject SpecFields => Schema["properties"]?["spec"]?["properties"] as JsonObject ?? [];

    /// <summary>For <c>workload-instance</c> and <c>workload-definition</c>: <c>workload</c>; null for a kind of no pair.</summary>
    public string? Pair =>
        Singular.EndsWith(InstanceSuffix, StringComparison.Ordinal) ? Singular[..^InstanceSuffix.Length]
        : Singular.EndsWith(DefinitionSuffix, StringComparison.Ordinal) ? Singular[..^DefinitionSuffix.Length]
        : null;

    /// <summary>The name in the files of the original: <c>WorkloadInstance</c>.</summary>
    public string PascalName => Pascal(Singular);

    public static string Pascal(string singular) =>
        string.Concat(singular.Split('-').Select(static p => char.ToUpperInvariant(p[0]) + p[1..]));

    private static JsonArray Array(JsonObject description, string name) => description[name] as JsonArray ?? [];
}
