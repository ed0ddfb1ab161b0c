using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Writing;

/// <summary>The properties of a kind's spec that carry an annotation.</summary>
internal static class SpecProperties
{
    private static readonly ConcurrentDictionary<(Type, Type), PropertyInfo[]> Annotated = new();
    private static readonly ConcurrentDictionary<Type, PropertyInfo> Specs = new();

    public static IReadOnlyList<PropertyInfo> Sensitive(KindDescriptor kind) => With<SensitiveAttribute>(kind);

    public static IReadOnlyList<PropertyInfo> Immutable(KindDescriptor kind) => With<ImmutableAttribute>(kind);

    public static object Spec(Resource resource) =>
        Specs.GetOrAdd(resource.GetType(), static t => t.GetProperty("Spec")!).GetValue(resource)!;

    public static object? Get(Resource resource, PropertyInfo property) => property.GetValue(Spec(resource));

    /// <summary><c>/spec/certificateKey</c>.</summary>
    public static string Pointer(PropertyInfo property) =>
        "/spec/" + JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static PropertyInfo[] With<TAttribute>(KindDescriptor kind)
        where TAttribute : Attribute =>
        Annotated.GetOrAdd(
            (kind.SpecType, typeof(TAttribute)),
            static key => [.. key.Item1.GetProperties().Where(p => p.IsDefined(key.Item2))]
        );
}
