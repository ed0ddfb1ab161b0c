namespace Threeport.Installation;

/// <summary>The agent of a runtime.</summary>
/// <param name="Runtime">Whose.</param>
/// <param name="Version">As it last said; null when it never did.</param>
/// <param name="IsConnected">Whether it has reported of late.</param>
/// <param name="Pinned">The image that its runtime insists on, so that it does not follow by itself; null when it does.</param>
/// <param name="IsExternal">Whether somebody else runs it, so that it does not follow by itself either.</param>
public sealed record RuntimeAgent(
    string Runtime,
    string? Version,
    bool IsConnected,
    string? Pinned = null,
    bool IsExternal = false
)
{
    /// <summary>Whether the control plane brings it to its own version.</summary>
    public bool Follows => Pinned is null && !IsExternal;
}

/// <summary>What keeps a move to another version from being made.</summary>
/// <param name="Got">What was found.</param>
/// <param name="Next">What to do about it.</param>
public sealed record Obstacle(string Got, string Next);

/// <summary>Whether versions go together: decided from the numbers alone.</summary>
public sealed record VersionSkew
{
    /// <summary>What runs.</summary>
    public required ReleaseVersion Running { get; init; }

    /// <summary>The newest that prepared the database; null when that is not known.</summary>
    public ReleaseVersion? Database { get; init; }

    /// <summary>What is asked for.</summary>
    public required ReleaseVersion Target { get; init; }

    /// <summary>Of the program that does it.</summary>
    public required ReleaseVersion Tool { get; init; }

    /// <summary>The agents of all runtimes.</summary>
    public IReadOnlyList<RuntimeAgent> Agents { get; init; } = [];

    /// <returns>All that is in the way.</returns>
    public IEnumerable<Obstacle> Obstacles() => [.. OfTarget(), .. Agents.Select(OfAgent).OfType<Obstacle>()];

    /// <returns>The agents that will not be at the target by themselves, each with why.</returns>
    public IEnumerable<string> Warnings() =>
        Agents
            .Select(a =>
                a.IsExternal
                    ? $"{a.Runtime}: its agent is not installed by the control plane; bring it to {Target} yourself"
                : a.Pinned is { } image ? $"{a.Runtime}: its agent stays at {image}, which the runtime insists on"
                : !a.IsConnected ? $"{a.Runtime}: its agent is not connected; it follows when it is back"
                : null
            )
            .OfType<string>();

    private IEnumerable<Obstacle> OfTarget()
    {
        var written = Database is { } database && database > Running ? database : Running;
        if (Target < written)
        {
            yield return new(
                $"{Target} is older than {written}, which {(written == Running ? "runs" : "prepared the database")}",
                "A version that is older than the database may not know what is in it. `qleetctl upgrade --back` goes back to the version before; anything older is restored from a backup."
            );
        }
        else if (!Target.FollowsAtOnce(Running))
        {
            yield return new(
                $"{Target} is more than one minor version after {Running}, which runs",
                $"Go through the versions between them, one after the other: first to {Running.Major}.{Running.Minor + 1}."
            );
        }

        if (Tool < Target)
        {
            yield return new(
                $"qleetctl is {Tool}, and does not know what {Target} needs",
                $"Run qleetctl {Target} or a newer one."
            );
        }
    }

    /// <summary>One that is away follows when it is back, from whatever it was.</summary>
    private Obstacle? OfAgent(RuntimeAgent agent) =>
        agent.IsConnected
        && ReleaseVersion.Find(agent.Version) is { } version
        && version < Target
        && !Target.FollowsAtOnce(version)
            ? new(
                $"the agent of the runtime {agent.Runtime} is {version}, more than one minor version before {Target}",
                agent.Follows
                    ? $"Wait until it is {Running}: `qleetctl get kubernetes-runtime-observations` tells."
                    : $"Bring it to {Running} first; it does not follow by itself."
            )
            : null;
}
