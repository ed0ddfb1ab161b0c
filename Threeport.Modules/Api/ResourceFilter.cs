using System.Linq.Expressions;
using System.Text.Json;

namespace Threeport.Api;

/// <summary>Which resources of a kind are meant. Terms are joined by AND; it is what a list's query string says.</summary>
public sealed record ResourceFilter<T>
    where T : Resource, IKind
{
    /// <summary>Every resource of the kind.</summary>
    public static ResourceFilter<T> All { get; } = new();

    /// <summary>Field path (<c>spec.workloadDefinition</c>, <c>labels.team</c>, <c>name</c>) and the value it must have.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Terms { get; init; } = [];

    /// <summary>Also: the field has this value.</summary>
    /// <param name="field">A chain of properties, such as <c>x => x.Spec.WorkloadDefinition</c>.</param>
    /// <param name="value">Compared as text.</param>
    public ResourceFilter<T> Where(Expression<Func<T, object?>> field, string value) =>
        this with
        {
            Terms = [.. Terms, new(FieldPath.Of(field), value)],
        };
}

/// <summary>Turns a chain of properties into the path of the field in JSON.</summary>
public static class FieldPath
{
    /// <returns>For <c>x => x.Spec.WorkloadDefinition</c>: <c>spec.workloadDefinition</c>.</returns>
    /// <exception cref="ArgumentException">It is not a chain of properties.</exception>
    public static string Of<T>(Expression<Func<T, object?>> field)
    {
        var names = new Stack<string>();
        var part = field.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert
            ? convert.Operand
            : field.Body;
        for (; part is MemberExpression member; part = member.Expression)
        {
            names.Push(JsonNamingPolicy.CamelCase.ConvertName(member.Member.Name));
        }

        return part is ParameterExpression && names.Count > 0
            ? string.Join('.', names)
            : throw new ArgumentException("Not a chain of properties.", nameof(field));
    }
}
