namespace Threeport.Installation;

/// <summary>A version as it is installed.</summary>
/// <param name="Registry">Before the images' names.</param>
/// <param name="Tag">Their tag.</param>
public sealed record Release(string Registry, string Tag)
{
    /// <summary>What the program says of itself; null until it was asked.</summary>
    public string? Version { get; init; }

    /// <summary>The image of PostgreSQL, where it is that of a version before.</summary>
    public string? PostgresImage { get; init; }

    /// <summary>The same of NATS.</summary>
    public string? NatsImage { get; init; }

    /// <summary>Whether the control plane's own images are the same by name.</summary>
    public bool IsSameAs(Release other) => Registry == other.Registry && Tag == other.Tag;

    /// <inheritdoc />
    public override string ToString() =>
        Version is { } version && version != Tag ? $"{version} ({Registry}/…:{Tag})" : $"{Tag} ({Registry})";
}
