using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>A cluster as a runtime's definition asks for it, in words that no provider owns.</summary>
public sealed record ClusterShape
{
    /// <summary>The definition's name: that of the provider's own definition, too.</summary>
    public required string Definition { get; init; }

    /// <summary>The account at the provider, by name; null for the default one.</summary>
    public string? Account { get; init; }

    /// <summary>Whether nodes are spread over zones.</summary>
    public bool HighAvailability { get; init; }

    /// <summary>From <c>2XSmall</c> to <c>4XLarge</c>.</summary>
    public required string NodeSize { get; init; }

    /// <summary><c>Balanced</c>, <c>ComputeOptimized</c> or <c>MemoryOptimized</c>.</summary>
    public required string NodeProfile { get; init; }

    /// <summary>How many nodes at most.</summary>
    public int NodeMaximum { get; init; }
}

/// <summary>Where a cluster of a definition is wanted.</summary>
/// <param name="Runtime">The runtime's name: that of the provider's own resource, too.</param>
/// <param name="Definition">The definition's name.</param>
/// <param name="Location">The place, in words that no provider owns: <c>Europe:Paris</c>.</param>
public sealed record ClusterPlace(string Runtime, string Definition, string Location);

/// <summary>How to reach a cluster that a provider made.</summary>
/// <param name="Endpoint">The address of its Kubernetes API.</param>
/// <param name="CaCertificate">The CA to trust, PEM.</param>
/// <param name="Token">A bearer token.</param>
/// <param name="TokenExpiration">When that one ends; by then the provider has another.</param>
public sealed record ClusterAccess(string Endpoint, string? CaCertificate, string Token, DateTimeOffset TokenExpiration)
{
    /// <summary>A record would print its secrets.</summary>
    public override string ToString() => Endpoint;
}

/// <summary>The provider's own resource of a cluster, as it is now.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Kind">Its kind, singular.</param>
/// <param name="IsOwned">Whether it belongs to the runtime and goes with it; what somebody made by himself is used and left alone.</param>
/// <param name="Access">How to reach the cluster; null while there is none.</param>
public sealed record ProvidedCluster(Resource Resource, string Kind, bool IsOwned, ClusterAccess? Access);
