namespace Threeport.Runtime;

/// <summary>This process, as the holder of leases.</summary>
/// <param name="Name">
/// Which installation it is: the same after a restart, and never that of two living processes (the host keeps it in its
/// locked data folder). Leases of a former life can therefore be given back at start.
/// </param>
public sealed record Node(string Name)
{
    /// <summary>What the owners of its leases begin with: <c>&lt;name&gt;/&lt;start&gt;</c>, unique to the process.</summary>
    public string Owner { get; } = $"{Name}/{Guid.CreateVersion7():N}";

    /// <summary>What one pass takes its lease under: that it can ask again for what was given to it in an answer that never came.</summary>
    public string OwnerOf(Guid pass) => $"{Owner}/{pass:N}";
}
