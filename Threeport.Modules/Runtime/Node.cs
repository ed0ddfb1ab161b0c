namespace Threeport.Runtime;

/// <summary>This process, as the holder of leases.</summary>
/// <param name="Name">
/// Which installation it is: the same after a restart, and never that of two living processes (the host keeps it in its
/// locked data folder). Leases of a former life can therefore be given back at start.
/// </param>
public sealed record Node(string Name)
{
    /// <summary>What leases are taken under: <c>&lt;name&gt;/&lt;start&gt;</c>, unique to the process.</summary>
    public string Owner { get; } = $"{Name}/{Guid.CreateVersion7():N}";
}
