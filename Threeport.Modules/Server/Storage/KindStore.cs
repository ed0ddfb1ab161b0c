using System.Text.Json;
using Marten;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Storage;

/// <summary>A kind's table.</summary>
internal abstract class KindStore(KindDescriptor kind)
{
    public const string Schema = "threeport";

    public KindDescriptor Kind { get; } = kind;

    /// <summary>The table's name with its schema, from the plural, which is lower-case letters and hyphens.</summary>
    public string Table { get; } = $"{Schema}.mt_doc_{Alias(kind)}";

    /// <summary>The JSON path of each reference, with who is referred to.</summary>
    public IReadOnlyList<(KindReference Reference, string Sql)> References { get; } =
    [.. kind.References.Select(static r => (r, JsonSql.Text(r.Path.Split('.'))))];

    public static string Alias(KindDescriptor kind) => kind.Plural.Replace('-', '_');

    /// <summary>Reads a document; the revision is the column's, which Marten guards.</summary>
    public Resource Read(ReadOnlySpan<byte> json, long revision, JsonSerializerOptions options)
    {
        var resource = (Resource)JsonSerializer.Deserialize(json, Kind.Type, options)!;
        resource.Revision = revision;
        return resource;
    }

    public abstract void Insert(IDocumentSession session, Resource resource);

    /// <summary>The resource already carries its new revision.</summary>
    public abstract void Update(IDocumentSession session, Resource resource);

    public abstract void Delete(IDocumentSession session, Resource resource);
}

internal sealed class KindStore<T>(KindDescriptor kind) : KindStore(kind)
    where T : Resource, IKind
{
    public override void Insert(IDocumentSession session, Resource resource) => session.Insert((T)resource);

    public override void Update(IDocumentSession session, Resource resource) =>
        session.UpdateRevision((T)resource, resource.Revision);

    public override void Delete(IDocumentSession session, Resource resource) => session.Delete<T>(resource.Id);
}
