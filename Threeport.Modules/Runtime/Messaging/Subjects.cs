namespace Threeport.Runtime;

/// <summary>
/// The streams and subjects. A message says which resource, never what changed: its body is the generation, its headers the
/// trace, the resource's name and the outbox row's id.
/// </summary>
public static class Subjects
{
    /// <summary>The stream of notifications to controllers; one message a subject is kept.</summary>
    public const string WorkStream = "threeport-work";

    /// <summary>The stream of changes to watchers; one message a subject is kept, so that it is a compacted log.</summary>
    public const string ChangesStream = "threeport-changes";

    /// <summary>Header: the resource's name.</summary>
    public const string NameHeader = "Threeport-Name";

    /// <summary>Header: the revision of the change; absent on notifications to controllers.</summary>
    public const string RevisionHeader = "Threeport-Revision";

    /// <summary>Header: <c>put</c> or <c>deleted</c>.</summary>
    public const string ChangeHeader = "Threeport-Change";

    /// <summary><c>threeport.workload-instances.0198…</c>: reconcile this resource.</summary>
    public static string Work(string plural, Guid id) => $"threeport.{plural}.{id:D}";

    /// <summary>All notifications of a kind.</summary>
    public static string WorkOf(string plural) => $"threeport.{plural}.*";

    /// <summary><c>threeport-changes.workload-instances.0198…</c>: this resource changed, status included, or is gone.</summary>
    public static string Change(string plural, Guid id) => $"threeport-changes.{plural}.{id:D}";

    /// <summary>All changes of a kind.</summary>
    public static string ChangesOf(string plural) => $"threeport-changes.{plural}.*";

    /// <returns>The kind and the resource that a subject names, or null when it is none of ours.</returns>
    public static (string Plural, Guid Id)? Parse(string subject) =>
        subject.Split('.') is [_, var plural, var id] && Guid.TryParse(id, out var guid) ? (plural, guid) : null;
}
