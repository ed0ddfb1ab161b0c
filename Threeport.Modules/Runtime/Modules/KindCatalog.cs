using System.Collections.Frozen;

namespace Threeport.Runtime;

/// <summary>Every kind of every module that this process has loaded.</summary>
public sealed class KindCatalog
{
    private readonly FrozenDictionary<string, KindDescriptor> _byPlural;
    private readonly FrozenDictionary<Type, KindDescriptor> _byType;

    /// <exception cref="InvalidOperationException">Two kinds go by one name.</exception>
    public KindCatalog(IEnumerable<KindDescriptor> kinds)
    {
        Kinds = [.. kinds.OrderBy(static k => k.Plural, StringComparer.Ordinal)];
        var taken = Kinds
            .SelectMany(static k => (IEnumerable<string>)[k.Plural, k.Singular, .. k.ShortNames])
            .GroupBy(static n => n, StringComparer.Ordinal)
            .FirstOrDefault(static g => g.Count() > 1);
        if (taken is not null)
        {
            throw new InvalidOperationException($"Two kinds go by the name \"{taken.Key}\".");
        }

        _byPlural = Kinds.ToFrozenDictionary(static k => k.Plural, StringComparer.Ordinal);
        _byType = Kinds.ToFrozenDictionary(static k => k.Type);
    }

    /// <summary>In order of plural.</summary>
    public IReadOnlyList<KindDescriptor> Kinds { get; }

    /// <returns>The kind, or null when no loaded module has it.</returns>
    public KindDescriptor? Find(string plural) => _byPlural.GetValueOrDefault(plural);

    /// <exception cref="KeyNotFoundException">No loaded module has it.</exception>
    public KindDescriptor this[Type type] => _byType[type];
}
