using System.Diagnostics;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Server.Outbox;

/// <summary>A notification that is stored with the change it speaks of, and gone once the broker confirmed it.</summary>
/// <param name="Id">Also the message's id, by which the broker drops a duplicate.</param>
/// <param name="Kind">The plural of the kind.</param>
/// <param name="ResourceId">Which resource.</param>
/// <param name="Name">Its name.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Work">The kind's controller is to look at it.</param>
/// <param name="Change">For those who watch: <c>put</c> or <c>deleted</c>; null when nothing that they see has changed.</param>
/// <param name="Trace">The W3C trace parent of the request.</param>
internal sealed record OutboxRow(
    Guid Id,
    string Kind,
    Guid ResourceId,
    string Name,
    long Generation,
    long Revision,
    bool Work,
    string? Change,
    string? Trace
)
{
    public const string Put = "put";
    public const string Deleted = "deleted";

    public static OutboxRow Of(KindDescriptor kind, Resource resource, bool work, string? change) =>
        new(
            Guid.CreateVersion7(),
            kind.Plural,
            resource.Id,
            resource.Name,
            resource.Generation,
            resource.Revision,
            work && kind.IsReconciled,
            change,
            Activity.Current?.Id
        );
}
