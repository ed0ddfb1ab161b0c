using System.Text.Json.Nodes;

namespace Threeport.Tests.Aws.StandIns;

/// <summary>
/// What a service is, by its own description: the model that the distribution's awscli comes with, which is of 2023, and
/// the facts of later models that are in the file beside this one.
/// </summary>
internal sealed class ServiceModel(JsonObject model)
{
    private static readonly string[] Folders =
    [
        "/usr/lib/python3/dist-packages/awscli/botocore/data",
        "/usr/lib/python3/dist-packages/botocore/data",
    ];

    public static ServiceModel Eks { get; } = Load("eks", "2017-11-01");

    public static ServiceModel Iam { get; } = Load("iam", "2010-05-08");

    public Operation Operation(string name)
    {
        var operation =
            model["operations"]![name] ?? throw new AssertionException($"The model knows no operation {name}.");
        return new Operation(
            name,
            (string)operation["http"]!["method"]!,
            (string)operation["http"]!["requestUri"]!,
            (string?)operation["input"]?["shape"],
            (string?)operation["output"]?["shape"],
            [.. (operation["errors"] as JsonArray ?? []).Select(static error => (string)error!["shape"]!)]
        );
    }

    public Shape Shape(string name)
    {
        var shape = model["shapes"]![name]!;
        return new Shape(
            name,
            (string)shape["type"]!,
            [.. (shape["members"] as JsonObject ?? []).Select(static member => Member(member.Key, member.Value!))],
            (string?)(shape["member"] ?? shape["value"])?["shape"],
            (shape["enum"] as JsonArray)?.Select(static value => (string)value!).ToList(),
            (string?)shape["error"]?["code"] ?? name,
            (int?)shape["error"]?["httpStatusCode"]
        );
    }

    /// <summary>The shapes that are lists of allowed texts, by the name that a class has.</summary>
    public ILookup<string, string> Enumerations() =>
        ((JsonObject)model["shapes"]!)
            .Select(shape => Shape(shape.Key))
            .Where(static shape => shape.Values is not null)
            .SelectMany(
                static shape => shape.Values!,
                static (shape, value) => (Class: Names.Capital(shape.Name), value)
            )
            .ToLookup(static pair => pair.Class, static pair => pair.value);

    private static Member Member(string name, JsonNode member) =>
        new(name, (string)member["shape"]!, (string?)member["location"], (string?)member["locationName"] ?? name);

    private static ServiceModel Load(string service, string version)
    {
        var path =
            Folders.Select(folder => $"{folder}/{service}/{version}/service-2.json").FirstOrDefault(File.Exists)
            ?? throw new AssertionException("There is no model to compare with: apt-get install awscli.");
        var model = (JsonObject)JsonNode.Parse(File.ReadAllText(path))!;
        Merge(model, Resources.Json($"{service}-since-2023"));
        return new ServiceModel(model);
    }

    private static void Merge(JsonObject into, JsonObject later)
    {
        foreach (var (name, value) in later)
        {
            switch (into[name], value)
            {
                case (JsonObject inner, JsonObject more):
                    Merge(inner, more);
                    break;
                case (JsonArray known, JsonArray more):
                    foreach (var element in more.Where(element => !known.Any(one => JsonNode.DeepEquals(one, element))))
                    {
                        known.Add(element!.DeepClone());
                    }

                    break;
                default:
                    into[name] = value?.DeepClone();
                    break;
            }
        }
    }
}

internal sealed record Operation(
    string Name,
    string Verb,
    string Path,
    string? Input,
    string? Output,
    IReadOnlyList<string> Errors
);

/// <param name="Inner">What a list or a map holds.</param>
/// <param name="Code">How an error is named on the wire.</param>
internal sealed record Shape(
    string Name,
    string Type,
    IReadOnlyList<Member> Members,
    string? Inner,
    IReadOnlyList<string>? Values,
    string Code,
    int? Status
);

internal sealed record Member(string Name, string Shape, string? Location, string LocationName)
{
    public string Property => Names.Capital(Name);
}

internal static class Names
{
    public static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}

internal static class Resources
{
    public static JsonObject Json(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream($"aws/{name}")!;
        return (JsonObject)JsonNode.Parse(stream)!;
    }
}
