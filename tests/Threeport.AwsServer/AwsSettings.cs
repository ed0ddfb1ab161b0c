namespace Threeport.AwsServer;

/// <summary>What can be changed while it runs.</summary>
public sealed record AwsSettings
{
    /// <summary>How long things take.</summary>
    public AwsTimings Timings { get; init; } = new();

    /// <summary>How many there may be.</summary>
    public AwsQuotas Quotas { get; init; } = new();

    /// <summary>A role, policy or OIDC provider just made is unknown to EKS, STS and to who asks for it for this long.</summary>
    public TimeSpan IamDelay { get; init; }

    /// <summary>What EC2 just made is missing from its Describe answers for this long.</summary>
    public TimeSpan Ec2Delay { get; init; }

    /// <summary>Zones in which no instance starts: a node group in those alone fails, one that has others too is degraded.</summary>
    public IReadOnlyList<string> ZonesWithoutCapacity { get; init; } = [];

    /// <summary>Zones in which EKS has no room for a control plane.</summary>
    public IReadOnlyList<string> ZonesWithoutClusters { get; init; } = ["us-east-1e"];
}

/// <summary>How long things take.</summary>
public sealed record AwsTimings
{
    /// <summary>A NAT gateway from pending to available.</summary>
    public TimeSpan NatGateway { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A NAT gateway from deleting to deleted.</summary>
    public TimeSpan NatGatewayDeletion { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A cluster from CREATING to ACTIVE.</summary>
    public TimeSpan Cluster { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A cluster from DELETING to gone.</summary>
    public TimeSpan ClusterDeletion { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>A node group from CREATING to ACTIVE.</summary>
    public TimeSpan Nodegroup { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>A node group from DELETING to gone.</summary>
    public TimeSpan NodegroupDeletion { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>An add-on from CREATING to ACTIVE, and from DELETING to gone.</summary>
    public TimeSpan Addon { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>An update of any of them.</summary>
    public TimeSpan Update { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a NAT gateway that is deleted is still described.</summary>
    public TimeSpan DeletedNatGatewayKept { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>How many there may be, in a region where nothing else is said.</summary>
public sealed record AwsQuotas
{
    /// <summary>VPCs.</summary>
    public int Vpcs { get; init; } = 5;

    /// <summary>Elastic IP addresses.</summary>
    public int Addresses { get; init; } = 5;

    /// <summary>Internet gateways.</summary>
    public int InternetGateways { get; init; } = 5;

    /// <summary>NAT gateways in a zone.</summary>
    public int NatGatewaysPerZone { get; init; } = 5;

    /// <summary>EKS clusters.</summary>
    public int Clusters { get; init; } = 100;

    /// <summary>Roles of an account.</summary>
    public int Roles { get; init; } = 1000;

    /// <summary>Policies of an account.</summary>
    public int Policies { get; init; } = 1500;

    /// <summary>OIDC providers of an account.</summary>
    public int OidcProviders { get; init; } = 100;
}
