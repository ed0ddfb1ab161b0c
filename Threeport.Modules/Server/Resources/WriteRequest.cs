using System.Text.Json.Nodes;
using Threeport.Runtime;

namespace Threeport.Server.Resources;

/// <summary>What a write does.</summary>
internal enum WriteVerb
{
    /// <summary>Stores a new resource; 409 when the name is taken.</summary>
    Create,

    /// <summary>Creates or replaces labels and spec.</summary>
    Put,

    /// <summary>Merges into labels and spec (RFC 7396); 404 when there is none.</summary>
    Patch,

    /// <summary>Asks for deletion; 404 when there is none, 409 while others use it.</summary>
    Delete,
}

/// <summary>One write as a client states it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Verb">What to do.</param>
/// <param name="Name">The resource; checked to be a DNS label by the API layer.</param>
/// <param name="Body">An object with <c>labels</c> and <c>spec</c> (and, ignored, what a GET answers with); null for a delete.</param>
/// <param name="IfMatch">The revision that must be the current one, or <see cref="AnyRevision"/>; null for any, or none.</param>
internal sealed record WriteRequest(
    KindDescriptor Kind,
    WriteVerb Verb,
    string Name,
    JsonObject? Body = null,
    long? IfMatch = null
)
{
    /// <summary>There must be a resource, whatever its revision is.</summary>
    public const long AnyRevision = -1;
}

/// <summary>What became of a write.</summary>
internal enum WriteAction
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>It differs from before.</summary>
    Updated,

    /// <summary>It was so already; nothing was stored.</summary>
    Unchanged,

    /// <summary>Its deletion was asked for; a finaliser is at work.</summary>
    Deleting,

    /// <summary>It is gone.</summary>
    Deleted,
}

/// <summary>The answer to a write.</summary>
/// <param name="Action">What became of it.</param>
/// <param name="Resource">As stored now (or as it would be, on a dry run; or as it last was, when it is gone).</param>
internal sealed record WriteResult(WriteAction Action, Threeport.Api.Resource Resource);
