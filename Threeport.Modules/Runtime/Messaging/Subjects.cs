namespace Threeport.Runtime;

/// <summary>
/// The stream and its subjects, <c>threeport.&lt;plural&gt;.&lt;id&gt;.&lt;for whom&gt;.&lt;what&gt;</c>. A message says which
/// resource, never what changed: its body is the generation, its headers the trace, the resource's name and the outbox row's id.
/// One message serves the controller and those who watch, each by a filter with one wildcard a token, which is all that brokers
/// before 2.10 can do.
/// </summary>
public static class Subjects
{
    /// <summary>The stream. One message a subject is kept, so that it is a compacted log of changes.</summary>
    public const string Stream = "threeport";

    /// <summary>All subjects.</summary>
    public const string All = "threeport.*.*.*.*";

    /// <summary>Header: the resource's name.</summary>
    public const string NameHeader = "Threeport-Name";

    /// <summary>Header: the revision of the change; absent on a wake-up.</summary>
    public const string RevisionHeader = "Threeport-Revision";

    /// <summary>Header: <c>put</c> or <c>deleted</c>; absent on a wake-up.</summary>
    public const string ChangeHeader = "Threeport-Change";

    /// <summary>
    /// <c>threeport.workload-instances.0198….controller.change</c>: a client changed this resource, which its controller is to
    /// act on and watchers see.
    /// </summary>
    public static string Changed(string plural, Guid id) => $"threeport.{plural}.{id:D}.controller.change";

    /// <summary><c>….controller.wake</c>: the controller is to look again; nothing that watchers see has changed.</summary>
    public static string Wake(string plural, Guid id) => $"threeport.{plural}.{id:D}.controller.wake";

    /// <summary><c>….watchers.change</c>: watchers see a change, such as that of the status, that is no work for the controller.</summary>
    public static string Seen(string plural, Guid id) => $"threeport.{plural}.{id:D}.watchers.change";

    /// <summary>The work of a kind's controller.</summary>
    public static string WorkOf(string plural) => $"threeport.{plural}.*.controller.*";

    /// <summary>The changes of a kind.</summary>
    public static string ChangesOf(string plural) => $"threeport.{plural}.*.*.change";

    /// <returns>The kind and the resource that a subject names, or null when it is none of ours.</returns>
    public static (string Plural, Guid Id)? Parse(string subject) =>
        subject.Split('.') is [_, var plural, var id, _, _] && Guid.TryParse(id, out var guid) ? (plural, guid) : null;
}
