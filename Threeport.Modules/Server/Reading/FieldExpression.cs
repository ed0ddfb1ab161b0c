using System.Collections;
using System.Reflection;
using System.Text.Json;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Storage;

namespace Threeport.Server.Reading;

/// <summary>How a field compares.</summary>
internal enum FieldType
{
    Text,
    Number,
    Boolean,
    Time,
}

/// <summary>A field of a kind as a list may filter and sort by it.</summary>
/// <param name="Sql">Its value as text; null when it is not there.</param>
/// <param name="Type">How it compares.</param>
/// <param name="Parameter">The label's key, which is the one part that a client chooses; it is sent as a parameter.</param>
internal sealed record FieldExpression(string Sql, FieldType Type, string? Parameter = null)
{
    private static readonly string[] Scalars =
    [
        "name",
        "id",
        "generation",
        "observedGeneration",
        "revision",
        "createdAt",
        "updatedAt",
        "deletionRequestedAt",
    ];

    /// <summary>Looks the path up in the kind's own types, so that nothing of a request gets into SQL.</summary>
    /// <exception cref="ProblemException">There is no such field: 400, with what comes near.</exception>
    /// <param name="kind">Whose field.</param>
    /// <param name="path">As the request names it.</param>
    /// <param name="option">The query parameter that names it; null when the path itself is the parameter.</param>
    public static FieldExpression Of(KindDescriptor kind, string path, string? option = null)
    {
        var segments = path.Split('.');
        return path switch
        {
            "status" => new(JsonSql.ReadyReason, FieldType.Text),
            "message" => new(JsonSql.ReadyMessage, FieldType.Text),
            "age" => new(JsonSql.Text(["createdAt"]), FieldType.Time),
            _ when segments is ["labels", _, ..] => new(
                "(data -> 'labels' ->> @label)",
                FieldType.Text,
                path["labels.".Length..]
            ),
            _ when segments is [_] && Scalars.Contains(path) => new(
                JsonSql.Text(segments),
                TypeOf(typeof(Resource).GetProperty(Pascal(path))!.PropertyType)!.Value
            ),
            _ when segments is ["spec" or "status", _, ..] && Find(kind, segments) is { } type => new(
                JsonSql.Text(segments),
                type
            ),
            _ => throw Unknown(kind, path, option),
        };
    }

    /// <summary>Every field that can be named, for suggestions.</summary>
    public static IEnumerable<string> All(KindDescriptor kind) =>
        Scalars
            .Concat(["status", "message", "age", "labels.<key>"])
            .Concat(Scalar(kind.SpecType, "spec"))
            .Concat(Scalar(kind.StatusType, "status"));

    private static ProblemException Unknown(KindDescriptor kind, string path, string? option)
    {
        path = path.Length > 100 ? path[..100] + "…" : path;
        var near = Suggestion.For(path, All(kind));
        var hint = near is null ? "" : $" Did you mean \"{near}\"?";
        return new(
            Problems.Validation(
                new ProblemError(
                    $"?{option ?? path}",
                    $"{kind.Plural} have no field \"{path}\" to filter or sort by.{hint} Fields are name, status, labels.<key>, "
                        + "spec.<field>, status.<field>, createdAt, age; options are sort, limit and continue."
                )
            )
        );
    }

    private static FieldType? Find(KindDescriptor kind, string[] segments)
    {
        var type = segments[0] is "spec" ? kind.SpecType : kind.StatusType;
        foreach (var segment in segments.Skip(1))
        {
            if (Readable(type).FirstOrDefault(p => Camel(p.Name) == segment) is not { } property)
            {
                return null;
            }

            type = property.PropertyType;
        }

        return TypeOf(type);
    }

    private static IEnumerable<string> Scalar(Type type, string prefix) =>
        Readable(type).Where(static p => TypeOf(p.PropertyType) is not null).Select(p => $"{prefix}.{Camel(p.Name)}");

    /// <summary>A sensitive field can neither be filtered nor sorted by: that would tell what it is.</summary>
    private static IEnumerable<PropertyInfo> Readable(Type type) =>
        type.IsAssignableTo(typeof(IEnumerable))
            ? []
            : type.GetProperties().Where(static p => !p.IsDefined(typeof(SensitiveAttribute)));

    private static FieldType? TypeOf(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return System.Type.GetTypeCode(bare) switch
        {
            _ when bare == typeof(Guid) || bare.IsEnum => FieldType.Text,
            _ when bare == typeof(DateTimeOffset) => FieldType.Time,
            TypeCode.String => FieldType.Text,
            TypeCode.Boolean => FieldType.Boolean,
            TypeCode.Int32 or TypeCode.Int64 or TypeCode.Double or TypeCode.Decimal => FieldType.Number,
            _ => null,
        };
    }

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
