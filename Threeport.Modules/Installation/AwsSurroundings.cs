namespace Threeport.Installation;

/// <summary>What a control plane in a cluster of EKS is told of where it is. Nothing of it is secret.</summary>
public sealed record AwsSurroundings
{
    /// <summary>The region that it is in.</summary>
    public required string Region { get; init; }

    /// <summary>The role that its controllers are; known once the cluster is there.</summary>
    public string? RoleArn { get; init; }

    /// <summary>What else the user's own environment says of AWS and holds for the controllers, too: <c>AWS_ENDPOINT_URL</c> and the like.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
