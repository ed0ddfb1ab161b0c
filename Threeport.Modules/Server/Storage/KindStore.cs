using System.Text.Json;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Storage;

/// <summary>A kind's table.</summary>
internal sealed class KindStore(KindDescriptor kind)
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
}
