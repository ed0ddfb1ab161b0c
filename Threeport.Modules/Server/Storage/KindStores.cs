using System.Collections.Frozen;
using Threeport.Runtime;

namespace Threeport.Server.Storage;

/// <summary>The tables of all kinds.</summary>
internal sealed class KindStores
{
    private readonly FrozenDictionary<string, KindStore> _byPlural;

    public KindStores(KindCatalog kinds)
    {
        Kinds = kinds;
        _byPlural = kinds.Kinds.ToFrozenDictionary(
            static k => k.Plural,
            static k => new KindStore(k),
            StringComparer.Ordinal
        );
        Referrers = (
            from store in _byPlural.Values
            from reference in store.References
            group (store, reference.Reference, reference.Sql) by kinds[reference.Reference.Kind].Plural
        ).ToFrozenDictionary(static g => g.Key, static g => g.ToArray(), StringComparer.Ordinal);
    }

    public KindCatalog Kinds { get; }

    /// <summary>By the plural of a kind: which fields of which kinds refer to it.</summary>
    public IReadOnlyDictionary<string, (KindStore Store, KindReference Reference, string Sql)[]> Referrers { get; }

    public KindStore this[string plural] => _byPlural[plural];

    public KindStore this[KindDescriptor kind] => _byPlural[kind.Plural];
}
