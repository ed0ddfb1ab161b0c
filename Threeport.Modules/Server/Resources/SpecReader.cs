using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Resources;

/// <summary>Turns what a client wrote into a typed resource, or says which field is wrong and what is allowed.</summary>
internal static partial class SpecReader
{
    /// <param name="kind">The kind.</param>
    /// <param name="name">The resource's name, checked before.</param>
    /// <param name="labels">An object of strings, or nothing.</param>
    /// <param name="spec">An object, or nothing.</param>
    /// <param name="prefix">What pointers begin with.</param>
    public static Resource Read(KindDescriptor kind, string name, JsonNode? labels, JsonNode? spec, string prefix)
    {
        var errors = new List<ProblemError>();
        var resource = (Resource)Activator.CreateInstance(kind.Type)!;
        resource.Name = name;
        resource.Labels = Labels.Read(labels, $"{prefix}/labels", errors);
        try
        {
            var value = (spec ?? new JsonObject()).Deserialize(kind.SpecType, ResourceJson.Wire);
            kind.Type.GetProperty("Spec")!.SetValue(resource, value ?? Activator.CreateInstance(kind.SpecType));
        }
        catch (JsonException e)
        {
            errors.Add(ErrorOf(kind, e, $"{prefix}/spec"));
        }

        return errors.Count == 0 ? resource : throw new ProblemException(Problems.Validation(errors));
    }

    private static ProblemError ErrorOf(KindDescriptor kind, JsonException exception, string prefix)
    {
        var path = Segments()
            .Matches(exception.Path ?? "$")
            .Select(static m => m.Groups["index"].Success ? m.Groups["index"].Value : m.Groups["name"].Value)
            .ToList();
        if (UnknownMember().Match(exception.Message) is { Success: true } unknown)
        {
            var member = unknown.Groups[1].Value;
            var shown = member.Length > 100 ? member[..100] + "…" : member;
            var fields = kind
                .SpecType.GetProperties()
                .Select(static p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))
                .ToList();
            var near = Suggestion.For(member, fields);
            var hint = near is null ? $"Fields are {string.Join(", ", fields)}." : $"Did you mean \"{near}\"?";
            var parent = path is [.., var last] && last == member ? path[..^1] : path;
            return new(Pointer(prefix, [.. parent, shown]), $"There is no field \"{shown}\". {hint}");
        }

        return new(Pointer(prefix, path), $"Has the wrong type: {Expected(kind, path)} is expected.");
    }

    private static string Pointer(string prefix, List<string> path) =>
        prefix + string.Concat(path.Select(static p => "/" + p.Replace("~", "~0").Replace("/", "~1")));

    private static string Expected(KindDescriptor kind, List<string> path)
    {
        var type = kind.SpecType;
        foreach (var segment in path)
        {
            type =
                type.GetProperties()
                    .FirstOrDefault(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name) == segment)
                    ?.PropertyType
                ?? type.GetGenericArguments().FirstOrDefault()
                ?? typeof(object);
        }

        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare switch
        {
            _ when bare == typeof(string) => "a string",
            _ when bare == typeof(bool) => "true or false",
            _ when bare == typeof(int) || bare == typeof(long) => "a whole number",
            _ when bare == typeof(double) || bare == typeof(decimal) => "a number",
            _ when bare == typeof(DateTimeOffset) => "a time such as 2026-01-31T12:00:00Z",
            _ when bare.IsEnum => $"one of {string.Join(", ", Enum.GetNames(bare))}",
            _ when bare.IsAssignableTo(typeof(System.Collections.IDictionary)) => "an object",
            _ when bare.IsAssignableTo(typeof(System.Collections.IEnumerable)) => "a list",
            _ => "an object",
        };
    }

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\[(?<index>\d+)\]|\['(?<name>[^']*)'\]")]
    private static partial Regex Segments();

    [GeneratedRegex("The JSON property '(.*)' could not be mapped to any .NET member", RegexOptions.Singleline)]
    private static partial Regex UnknownMember();
}
