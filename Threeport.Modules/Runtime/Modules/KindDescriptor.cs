using System.Reflection;
using System.Text.Json;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>A kind as the machinery sees it. Everything that is derived from a kind is derived from this.</summary>
public sealed class KindDescriptor
{
    private KindDescriptor() { }

    /// <summary>The route and the subject.</summary>
    public required string Plural { get; init; }

    /// <summary>The <c>kind</c> in JSON.</summary>
    public required string Singular { get; init; }

    /// <summary>What may be typed instead.</summary>
    public required IReadOnlyList<string> ShortNames { get; init; }

    /// <summary>The module that owns it.</summary>
    public required string Module { get; init; }

    /// <summary>The class of the resource, <c>WorkloadInstance</c>.</summary>
    public required Type Type { get; init; }

    /// <summary>The class of its spec.</summary>
    public required Type SpecType { get; init; }

    /// <summary>The class of its status.</summary>
    public required Type StatusType { get; init; }

    /// <summary>Fields of the spec that name other resources.</summary>
    public required IReadOnlyList<KindReference> References { get; init; }

    /// <summary>Paths of the fields that are sensitive: <c>spec.kubeconfig</c>.</summary>
    public required IReadOnlyList<string> SensitiveFields { get; init; }

    /// <summary>Whether people with the role <c>developer</c> make and change them: what runs, not what it runs on.</summary>
    public bool IsForDevelopers { get; internal set; }

    /// <summary>Whether a reconciler is there for it; if not, a delete removes it at once and Ready is True when stored.</summary>
    public bool IsReconciled { get; internal set; }

    /// <summary>Whether writes leave a history row.</summary>
    public bool KeepsHistory { get; internal set; } = true;

    /// <summary>Paths of flags that at most one resource may have.</summary>
    public List<string> ExclusiveFlags { get; } = [];

    /// <summary>What fields are, by path, where that depends on the modules that are there; in place of their <see cref="SummaryAttribute"/>.</summary>
    public Dictionary<string, string> Summaries { get; } = new(StringComparer.Ordinal);

    internal List<IWatch> Watches { get; } = [];

    /// <summary>Calls a visitor with the kind's own type.</summary>
    public required Func<IKindVisitor, object?> Accept { get; init; }

    private static IEnumerable<string> SensitiveIn(string prefix, Type type) =>
        type.GetProperties()
            .Where(static p => p.IsDefined(typeof(SensitiveAttribute)))
            .Select(p => $"{prefix}.{JsonNamingPolicy.CamelCase.ConvertName(p.Name)}");

    internal static KindDescriptor For<T>(string module)
        where T : Resource, IKind
    {
        var arguments =
            typeof(T).BaseType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Resource<,>)
                ? type.GetGenericArguments()
                : throw new ArgumentException($"{typeof(T).Name} does not derive from Resource<TSpec, TStatus>.");
        return new()
        {
            Plural = T.Plural,
            Singular = T.Singular,
            ShortNames = T.ShortNames,
            Module = module,
            Type = typeof(T),
            SpecType = arguments[0],
            StatusType = arguments[1],
            References = [.. KindReference.In(arguments[0])],
            SensitiveFields = [.. SensitiveIn("spec", arguments[0]), .. SensitiveIn("status", arguments[1])],
            Accept = static visitor => visitor.Visit<T>(),
        };
    }
}

/// <summary>Code that is written once for every kind and needs the kind's type.</summary>
public interface IKindVisitor
{
    /// <summary>Called with the kind's type.</summary>
    object? Visit<T>()
        where T : Resource, IKind;
}

/// <summary>A field of a spec that names a resource of another kind.</summary>
/// <param name="Property">The property of the spec, of type string; null or empty names nothing.</param>
/// <param name="Kind">The class of the kind referred to.</param>
/// <param name="Owner">The resource belongs to the one it names.</param>
/// <param name="Except">Names that are of no resource.</param>
public sealed record KindReference(PropertyInfo Property, Type Kind, bool Owner, IReadOnlyList<string> Except)
{
    /// <summary>While the owner is there and stays, only it may delete the resource, by going.</summary>
    public bool OwnerDeletes { get; private init; }

    /// <summary>The path of the field in JSON: <c>spec.workloadDefinition</c>.</summary>
    public string Path => "spec." + JsonNamingPolicy.CamelCase.ConvertName(Property.Name);

    internal static IEnumerable<KindReference> In(Type spec) =>
        from property in spec.GetProperties()
        let reference = property.GetCustomAttribute<ReferenceAttribute>()
        where reference is not null
        select new KindReference(property, reference.Kind, reference.Owner, reference.Except)
        {
            OwnerDeletes = reference is { Owner: true, OwnerDeletes: true },
        };
}
