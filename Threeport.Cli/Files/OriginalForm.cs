using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli.Files;

/// <summary>
/// The configuration files of the original: one top-level key names a kind (<c>WorkloadDefinition:</c>) or a pair (<c>Workload:</c>, which
/// makes a definition and an instance of one name), below it <c>Name</c> and the fields in PascalCase. References are <c>{Name: x}</c>;
/// a field that is read from a file holds its path, relative to this one. Nothing here knows a kind: the schema says it all.
/// </summary>
internal static class OriginalForm
{
    public static IEnumerable<ResourceDocument> Read(SourceMap document, string file, string folder, KindIndex kinds)
    {
        foreach (var (key, line, value) in document.Members)
        {
            if (value is not SourceMap fields)
            {
                throw new FailureException($"{file}:{line}: {key} holds keys and values, such as Name.");
            }

            var targets = Targets(key, kinds);
            if (targets.Length == 0)
            {
                var names = kinds
                    .All.Select(static k => k.PascalName)
                    .Concat(kinds.All.Select(static k => k.Pair).OfType<string>().Select(Kind.Pascal));
                throw new FailureException(
                    $"{file}:{line}: this control plane has no kind \"{key}\".{Suggest.Hint(key, names)} `qleetctl kinds` lists what it has."
                );
            }

            foreach (var resource in new Reading(key, fields, file, folder, targets).Resources())
            {
                yield return resource;
            }
        }
    }

    private static Kind[] Targets(string key, KindIndex kinds) =>
        kinds.All.FirstOrDefault(k => k.PascalName == key) is { } kind ? [kind]
        : kinds.Pair(key) is { } pair && Kind.Pascal(pair.Instance.Pair!) == key ? [pair.Definition, pair.Instance]
        : [];

    /// <summary>One top-level key, read.</summary>
    private sealed class Reading(string key, SourceMap fields, string file, string folder, Kind[] targets)
    {
        public IEnumerable<ResourceDocument> Resources()
        {
            if (fields["Name"] is not SourceScalar { Text: { Length: > 0 } name })
            {
                throw new FailureException($"{file}:{fields.Line}: {key} has no Name.");
            }

            RefuseUnknown(name);
            return targets.Select(kind => Resource(kind, name));
        }

        private void RefuseUnknown(string name)
        {
            foreach (var member in fields.Members.Where(static m => m.Key != "Name"))
            {
                if (!targets.Any(k => FieldOf(k, member.Key) is not null))
                {
                    var known = targets
                        .SelectMany(static k => k.SpecFields)
                        .Select(static f => Pascal(f.Key))
                        .Append("Name");
                    throw new FailureException(
                        $"{file}:{member.Line}: {key} \"{name}\": there is no key \"{member.Key}\".{Suggest.Hint(member.Key, known)}"
                    );
                }
            }
        }

        private ResourceDocument Resource(Kind kind, string name)
        {
            var lines = new Dictionary<string, int>(StringComparer.Ordinal)
            {
                ["/name"] = fields["Name"]!.Line,
                [""] = fields.Line,
            };
            var spec = new JsonObject();
            foreach (var member in fields.Members)
            {
                if (member.Key != "Name" && FieldOf(kind, member.Key) is { } field)
                {
                    lines[$"/spec/{field}"] = member.Line;
                    spec[field] = Value(kind, field, member, lines);
                }
            }

            // The instance of a pair is of the definition that stands beside it.
            if (targets.Length == 2 && kind == targets[1])
            {
                foreach (var (path, referred, _) in kind.References.Where(r => r.Kind == targets[0].Plural))
                {
                    spec[path.Split('.')[^1]] = name;
                }
            }

            var body = Json.Object(("kind", kind.Singular), ("name", name), ("spec", spec));
            return new(kind, name, body, file) { Lines = lines };
        }

        private JsonNode? Value(Kind kind, string field, SourceMember member, Dictionary<string, int> lines)
        {
            var schema = kind.SpecFields[field] as JsonObject ?? [];
            if (kind.References.Any(r => r.Path == $"spec.{field}"))
            {
                return member.Value switch
                {
                    SourceMap reference when reference.Members is [{ Key: "Name", Value: SourceScalar named }] =>
                        named.Text,
                    SourceScalar named => named.Text,
                    _ => throw new FailureException($"{file}:{member.Line}: {key}: {member.Key} must be {{Name: …}}."),
                };
            }

            if (schema["x-threeport-from-file"] is not null)
            {
                return FileText(member);
            }

            // What the schema says is text stays text: a version 1.10 is not the number 1.1.
            return member.Value is SourceScalar { IsPlain: true } plain && IsText(schema)
                ? plain.Text
                : Camel(member.Value.ToJson(lines, $"/spec/{field}"));
        }

        private string FileText(SourceMember member)
        {
            if (member.Value is not SourceScalar { Text: { Length: > 0 } path })
            {
                throw new FailureException($"{file}:{member.Line}: {key}: {member.Key} must be the path of a file.");
            }

            var whole = Path.Combine(folder, path);
            try
            {
                return File.ReadAllText(whole);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new FailureException(
                    $"{file}:{member.Line}: {key}: {member.Key}: {(File.Exists(whole) ? e.Message : $"there is no file {whole}.")}"
                );
            }
        }
    }

    /// <returns>The field of the spec that a PascalCase key means, whatever the capitals (<c>YAMLDocument</c>, <c>APIEndpoint</c>); null when it has none.</returns>
    private static string? FieldOf(Kind kind, string key) => Named(kind, key) ?? Referring(kind, key);

    private static string? Named(Kind kind, string key) =>
        kind
            .SpecFields.Select(static f => f.Key)
            .FirstOrDefault(f => char.IsUpper(key[0]) && f.Equals(key, StringComparison.OrdinalIgnoreCase));

    /// <summary>The original refers in two ways: <c>AwsAccount: {Name: x}</c> and <c>AwsAccountName: x</c>.</summary>
    private static string? Referring(Kind kind, string key) =>
        key.EndsWith("Name", StringComparison.Ordinal)
        && Named(kind, key[..^"Name".Length]) is { } field
        && kind.References.Any(r => r.Path == $"spec.{field}")
            ? field
            : null;

    private static bool IsText(JsonObject schema) =>
        schema["type"] switch
        {
            JsonArray types => types.Any(static t => t.Text() == "string"),
            { } type => type.Text() == "string",
            _ => false,
        };

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static JsonNode? Camel(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                var renamed = new JsonObject();
                foreach (var (name, value) in members)
                {
                    renamed[JsonNamingPolicy.CamelCase.ConvertName(name)] = Camel(value?.DeepClone());
                }

                return renamed;
            case JsonArray items:
                return new JsonArray([.. items.Select(static i => Camel(i?.DeepClone()))]);
            default:
                return node?.DeepClone();
        }
    }
}
