using System.Text.Json.Nodes;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli.Files;

/// <summary>Reads resources from files, folders and standard input, in either form.</summary>
internal static class ResourceFiles
{
    private const long MaxSize = 8 * 1024 * 1024;

    /// <exception cref="FailureException">A file cannot be read, or does not say what it should; which line and why.</exception>
    public static async Task<IReadOnlyList<ResourceDocument>> ReadAsync(
        IReadOnlyList<string> paths,
        KindIndex kinds,
        TextReader input,
        CancellationToken cancellationToken
    )
    {
        var resources = new List<ResourceDocument>();
        foreach (var path in paths)
        {
            if (path == "-")
            {
                var text = await input.ReadToEndAsync(cancellationToken);
                resources.AddRange(Read(text, "standard input", Environment.CurrentDirectory, kinds));
                continue;
            }

            foreach (var file in FilesOf(path))
            {
                var text = await File.ReadAllTextAsync(file, cancellationToken);
                resources.AddRange(Read(text, file, Path.GetDirectoryName(Path.GetFullPath(file))!, kinds));
            }
        }

        if (resources.Count == 0)
        {
            throw new FailureException($"{string.Join(", ", paths)}: there is no resource in it.");
        }

        return resources;
    }

    public static IEnumerable<ResourceDocument> Read(string text, string file, string folder, KindIndex kinds)
    {
        foreach (var document in SourceReader.Read(text, file))
        {
            if (document is not SourceMap map)
            {
                throw new FailureException($"{file}:{document.Line}: a resource is a set of keys and values.");
            }

            var read =
                map["kind"] is null ? OriginalForm.Read(map, file, folder, kinds)
                : map["items"] is SourceList list && map["kind"] is SourceScalar { Text: "list" }
                    ? list.Items.OfType<SourceMap>().Select(item => ResourceForm(item, file, kinds))
                : [ResourceForm(map, file, kinds)];
            foreach (var resource in read)
            {
                yield return resource;
            }
        }
    }

    /// <summary>What <c>get -o yaml</c> prints: what the server writes is left out.</summary>
    private static ResourceDocument ResourceForm(SourceMap map, string file, KindIndex kinds)
    {
        var said = (map["kind"] as SourceScalar)?.Text ?? "";
        var kind =
            kinds.Find(said)
            ?? throw new FailureException(
                $"{file}:{map["kind"]?.Line ?? map.Line}: there is no kind \"{said}\".{Suggest.Hint(said, kinds.All.Select(static k => k.Singular))}"
            );
        if (map["name"] is not SourceScalar { Text: { Length: > 0 } name })
        {
            throw new FailureException($"{file}:{map.Line}: {kind.PascalName} has no name.");
        }

        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var whole = (JsonObject)map.ToJson(lines)!;
        var known = kind.Schema["properties"] as JsonObject ?? [];
        if (map.Members.FirstOrDefault(m => !known.ContainsKey(m.Key)) is { } unknown)
        {
            throw new FailureException(
                $"{file}:{unknown.Line}: {kind.PascalName} \"{name}\": there is no member \"{unknown.Key}\".{Suggest.Hint(unknown.Key, known.Select(static k => k.Key))}"
            );
        }

        var body = Json.Object(
            ("kind", kind.Singular),
            ("name", name),
            ("labels", whole["labels"]),
            ("spec", whole["spec"])
        );
        return new(kind, name, body, file) { Lines = lines };
    }

    private static List<string> FilesOf(string path)
    {
        if (Directory.Exists(path))
        {
            var files = Directory
                .EnumerateFiles(path)
                .Where(static f => Path.GetExtension(f) is ".yaml" or ".yml" or ".json")
                .Order(StringComparer.Ordinal)
                .ToList();
            return files.Count > 0
                ? files
                : throw new FailureException($"{path}: there is no .yaml, .yml or .json file in it.");
        }

        if (!File.Exists(path))
        {
            throw new FailureException($"{path}: there is no such file.");
        }

        return new FileInfo(path).Length <= MaxSize
            ? [path]
            : throw new FailureException($"{path}: larger than {MaxSize / 1024 / 1024} MiB.");
    }
}
