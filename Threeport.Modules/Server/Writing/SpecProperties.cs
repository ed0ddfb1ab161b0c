using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Writing;

/// <summary>Spec and status of a resource whose kind is known at run time only, and the properties that carry an annotation.</summary>
internal static class SpecProperties
{
    private static readonly ConcurrentDictionary<(Type, Type), PropertyInfo[]> Annotated = new();
    private static readonly ConcurrentDictionary<Type, PropertyInfo> Specs = new();
    private static readonly ConcurrentDictionary<Type, PropertyInfo> Statuses = new();

    /// <returns>The resource that is referred to; null when none is.</returns>
    public static string? Named(Resource resource, KindReference reference) =>
        Get(resource, reference.Property) is string { Length: > 0 } name && !reference.Except.Contains(name)
            ? name
            : null;

    public static IReadOnlyList<PropertyInfo> Sensitive(KindDescriptor kind) => With<SensitiveAttribute>(kind);

    public static IReadOnlyList<PropertyInfo> Immutable(KindDescriptor kind) => With<ImmutableAttribute>(kind);

    public static object Spec(Resource resource) =>
        Specs.GetOrAdd(resource.GetType(), static t => t.GetProperty("Spec")!).GetValue(resource)!;

    public static object Status(Resource resource) => StatusOf(resource).GetValue(resource)!;

    public static void SetStatus(Resource resource, object status) => StatusOf(resource).SetValue(resource, status);

    public static object? Get(Resource resource, PropertyInfo property) => property.GetValue(Spec(resource));

    /// <summary><c>/spec/certificateKey</c>.</summary>
    public static string Pointer(PropertyInfo property) =>
        "/spec/" + JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static PropertyInfo StatusOf(Resource resource) =>
        Statuses.GetOrAdd(resource.GetType(), static t => t.GetProperty("Status")!);

    private static PropertyInfo[] With<TAttribute>(KindDescriptor kind)
        where TAttribute : Attribute =>
        Annotated.GetOrAdd(
            (kind.SpecType, typeof(TAttribute)),
            static key => [.. key.Item1.GetProperties().Where(p => p.IsDefined(key.Item2))]
        );
}
