using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Discovery;

/// <summary>Describes every kind from its types and annotations alone.</summary>
internal sealed class KindDescriptions
{
    private readonly KindCatalog _kinds;

    public KindDescriptions(KindCatalog kinds)
    {
        _kinds = kinds;
        All = [.. kinds.Kinds.Select(Describe)];
    }

    /// <summary>In order of plural.</summary>
    public IReadOnlyList<KindDescription> All { get; }

    private KindDescription Describe(KindDescriptor kind) =>
        new(
            kind.Plural,
            kind.Singular,
            kind.ShortNames,
            kind.Module,
            kind.Type.GetCustomAttribute<SummaryAttribute>()?.Text ?? "",
            [.. Columns(kind)],
            [.. kind.References.Select(Describe)],
            Schema(kind)
        );

    private static IEnumerable<ColumnDescription> Columns(KindDescriptor kind)
    {
        var own = Annotated(kind.SpecType, "spec").Concat(Annotated(kind.StatusType, "status")).ToList();
        yield return new("NAME", "name", "text", false);
        foreach (var (column, path) in own.Where(static c => !c.Column.AfterStatus).OrderBy(static c => c.Column.Order))
        {
            yield return new(column.Header, path, "text", column.Wide);
        }

        yield return new("STATUS", "status", "text", false);
        foreach (var (column, path) in own.Where(static c => c.Column.AfterStatus).OrderBy(static c => c.Column.Order))
        {
            yield return new(column.Header, path, "text", column.Wide);
        }

        yield return new("AGE", "createdAt", "age", false);
        yield return new("MESSAGE", "message", "text", false);
    }

    private static IEnumerable<(ColumnAttribute Column, string Path)> Annotated(Type type, string prefix) =>
        from property in type.GetProperties()
        let column = property.GetCustomAttribute<ColumnAttribute>()
        where column is not null
        select (column, $"{prefix}.{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}");

    private ReferenceDescription Describe(KindReference reference) =>
        new(
            reference.Path,
            _kinds[reference.Kind].Plural,
            reference.Owner,
            reference.Except.Count > 0 ? reference.Except : null
        );

    private JsonObject Schema(KindDescriptor kind)
    {
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Annotate,
        };
        var schema = (JsonObject)ResourceJson.Wire.GetJsonSchemaAsNode(kind.Type, options);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema["title"] = kind.Singular;
        schema["properties"]!["kind"] = new JsonObject { ["const"] = kind.Singular };
        schema["required"] = new JsonArray("name");
        foreach (var (name, member) in (JsonObject)schema["properties"]!)
        {
            if (name is not ("kind" or "name" or "labels" or "spec"))
            {
                ((JsonObject)member!)["readOnly"] = true;
            }
        }

        foreach (var (path, summary) in kind.Summaries)
        {
            var members = path.Split('.')
                .Aggregate((JsonNode)schema, static (node, name) => node["properties"]![name]!);
            members["description"] = summary;
        }

        return schema;
    }

    private JsonNode Annotate(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (context.PropertyInfo?.AttributeProvider is not MemberInfo member || schema is not JsonObject node)
        {
            return schema;
        }

        if (member.GetCustomAttribute<SummaryAttribute>() is { } summary)
        {
            node["description"] = summary.Text;
        }

        if (member.GetCustomAttribute<ReferenceAttribute>() is { } reference)
        {
            node["x-threeport-reference"] = _kinds[reference.Kind].Plural;
        }

        Flag<SensitiveAttribute>(member, node, "x-threeport-sensitive");
        Flag<ImmutableAttribute>(member, node, "x-threeport-immutable");
        Flag<FromFileAttribute>(member, node, "x-threeport-from-file");
        return node;
    }

    private static void Flag<TAttribute>(MemberInfo member, JsonObject node, string name)
        where TAttribute : Attribute
    {
        if (member.IsDefined(typeof(TAttribute)))
        {
            node[name] = true;
        }
    }
}
