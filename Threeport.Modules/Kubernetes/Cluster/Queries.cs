using System.Text.Json.Nodes;

namespace Threeport.Kubernetes;

/// <summary>Which objects of a type are meant, and how much of them.</summary>
public sealed record ListQuery
{
    /// <summary>One namespace; all when null.</summary>
    public string? Namespace { get; init; }

    /// <summary><c>app=web,tier!=cache</c>.</summary>
    public string? LabelSelector { get; init; }

    /// <summary><c>metadata.name=web</c>.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Name, labels, owners and managed fields only: what the object holds never leaves the server.</summary>
    public bool MetadataOnly { get; init; }

    /// <summary>How many a page.</summary>
    public int PageSize { get; init; } = 500;
}

/// <summary>Objects, and the point in the cluster's history at which they were so.</summary>
/// <param name="Items">The objects, apiVersion and kind filled in.</param>
/// <param name="ResourceVersion">Where a watch goes on from.</param>
public sealed record ObjectList(IReadOnlyList<JsonObject> Items, string ResourceVersion);

/// <summary>What happened to an object.</summary>
public enum WatchEventType
{
    /// <summary>It is there.</summary>
    Added,

    /// <summary>It is another.</summary>
    Modified,

    /// <summary>It is gone; the object is as it last was.</summary>
    Deleted,

    /// <summary>Nothing: only the resource version moved on.</summary>
    Bookmark,
}

/// <summary>A change that a watch saw.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object; for a bookmark, one with a resource version only.</param>
public sealed record WatchEvent(WatchEventType Type, JsonObject Object)
{
    /// <summary>Where a new watch goes on from.</summary>
    public string ResourceVersion => Object["metadata"]?["resourceVersion"]?.GetValue<string>() ?? "";
}

/// <summary>What became of a delete.</summary>
public enum DeleteOutcome
{
    /// <summary>There was nothing.</summary>
    NotFound,

    /// <summary>It is gone.</summary>
    Gone,

    /// <summary>It is going: what it made, or a finaliser, is waited for.</summary>
    Terminating,
}

/// <summary>What a delete does with the objects that the deleted one made.</summary>
public enum Propagation
{
    /// <summary>They go after it.</summary>
    Background,

    /// <summary>They go before it.</summary>
    Foreground,
}

/// <summary>What a server-side apply came to.</summary>
/// <param name="Object">As stored now.</param>
/// <param name="Created">It was not there before.</param>
public sealed record ApplyResult(JsonObject Object, bool Created);
