using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>How resources look in JSON: camelCase, <c>kind</c> first, nulls left out.</summary>
public static class ResourceJson
{
    /// <summary>The members of a resource, in their order.</summary>
    public static IReadOnlyList<string> Members { get; } =
    [
        "kind",
        "id",
        "name",
        "labels",
        "generation",
        "observedGeneration",
        "revision",
        "createdAt",
        "updatedAt",
        "deletionRequestedAt",
        "spec",
        "status",
        "conditions",
    ];

    private static readonly Dictionary<string, int> MemberOrder = Members
        .Index()
        .ToDictionary(static m => m.Item, static m => m.Index);

    /// <summary>Strict: an unknown member or a duplicate one is an error. Sensitive values are in clear.</summary>
    public static JsonSerializerOptions Wire { get; } = Create(strict: true);

    /// <summary>As <see cref="Wire"/>, with <see cref="SensitiveAttribute.Redacted"/> in place of sensitive values.</summary>
    public static JsonSerializerOptions Redacted { get; } = Create(strict: true, RedactSensitive);

    /// <param name="strict">Whether an unknown or duplicate member is an error.</param>
    /// <param name="modifiers">What else is done to the contract of each type.</param>
    public static JsonSerializerOptions Create(bool strict, params IReadOnlyList<Action<JsonTypeInfo>> modifiers)
    {
        var resolver = new DefaultJsonTypeInfoResolver { Modifiers = { AddKind, SortMembers } };
        foreach (var modifier in modifiers)
        {
            resolver.Modifiers.Add(modifier);
        }

        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            TypeInfoResolver = resolver,
            NumberHandling = JsonNumberHandling.Strict,
            PropertyNameCaseInsensitive = false,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = strict ? JsonUnmappedMemberHandling.Disallow : JsonUnmappedMemberHandling.Skip,
            AllowDuplicateProperties = !strict,
            RespectNullableAnnotations = true,
            MaxDepth = 32,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Whether the member carries <see cref="SensitiveAttribute"/>.</summary>
    public static bool IsSensitive(JsonPropertyInfo property) =>
        property.AttributeProvider?.IsDefined(typeof(SensitiveAttribute), inherit: true) is true;

    private static void AddKind(JsonTypeInfo type)
    {
        if (!type.Type.IsAssignableTo(typeof(IKind)) || type.Kind is not JsonTypeInfoKind.Object)
        {
            return;
        }

        var singular = (string)
            type.Type.GetProperty(nameof(IKind.Singular), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        var kind = type.CreateJsonPropertyInfo(typeof(string), "kind");
        kind.Get = _ => singular;
        kind.Set = static (_, _) => { };
        type.Properties.Insert(0, kind);
    }

    private static void SortMembers(JsonTypeInfo type)
    {
        if (!type.Type.IsAssignableTo(typeof(Resource)))
        {
            return;
        }

        foreach (var property in type.Properties)
        {
            property.Order = MemberOrder.GetValueOrDefault(property.Name, Members.Count);
        }
    }

    private static void RedactSensitive(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(IsSensitive))
        {
            var get = property.Get!;
            property.Get = owner => get(owner) is null ? null : SensitiveAttribute.Redacted;
        }
    }
}
