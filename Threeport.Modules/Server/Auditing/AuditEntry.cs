namespace Threeport.Server.Auditing;

/// <summary>Who did what, or wanted to.</summary>
internal sealed record AuditEntry
{
    /// <summary>A UUIDv7: in order of time.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Empty when nobody knows who it was.</summary>
    public required string Actor { get; init; }

    /// <summary>An address, or <c>in-process</c>.</summary>
    public required string From { get; init; }

    /// <summary>create, put, patch, delete, remove; issue, revoke; of what was denied the HTTP method.</summary>
    public required string Verb { get; init; }

    /// <summary>The plural of a kind, or a subsystem; of what was denied the path.</summary>
    public required string Target { get; init; }

    /// <summary>Of the resource or the credential.</summary>
    public string? Name { get; init; }

    public required bool Allowed { get; init; }

    /// <summary>The revision that was changed; null when there was none before, or it is of no resource.</summary>
    public long? OldRevision { get; init; }

    /// <summary>The revision that the change made.</summary>
    public long? NewRevision { get; init; }

    /// <summary>Why it was denied, or what was given. Never a value of a resource.</summary>
    public string? Detail { get; init; }
}
