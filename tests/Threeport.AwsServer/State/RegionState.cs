using Threeport.AwsServer.Ec2;
using Threeport.AwsServer.Eks;

namespace Threeport.AwsServer.State;

/// <summary>What an account has in a region.</summary>
internal sealed class RegionState(string account, string name)
{
    public string Account => account;

    public string Name => name;

    public Ec2Store<Vpc> Vpcs { get; } = new("InvalidVpcID.NotFound", "vpc ID");

    public Ec2Store<Subnet> Subnets { get; } = new("InvalidSubnetID.NotFound", "subnet ID");

    public Ec2Store<InternetGateway> InternetGateways { get; } =
        new("InvalidInternetGatewayID.NotFound", "internetGateway ID");

    public Ec2Store<ElasticAddress> Addresses { get; } = new("InvalidAllocationID.NotFound", "allocation ID");

    public Ec2Store<NatGateway> NatGateways { get; } = new("NatGatewayNotFound", "NatGateway");

    public Ec2Store<RouteTable> RouteTables { get; } = new("InvalidRouteTableID.NotFound", "routeTable ID");

    public Ec2Store<SecurityGroup> SecurityGroups { get; } = new("InvalidGroup.NotFound", "security group");

    public Ec2Store<NetworkInterface> NetworkInterfaces { get; } =
        new("InvalidNetworkInterfaceID.NotFound", "networkInterface ID");

    public Ec2Store<Volume> Volumes { get; } = new("InvalidVolume.NotFound", "volume");

    public Ec2Store<Instance> Instances { get; } = new("InvalidInstanceID.NotFound", "instance ID");

    public Dictionary<string, Cluster> Clusters { get; } = [];

    /// <summary>All that EC2 can tag.</summary>
    public IEnumerable<Ec2Resource> Ec2Resources =>
        new IEnumerable<Ec2Resource>[]
        {
            Vpcs,
            Subnets,
            InternetGateways,
            Addresses,
            NatGateways,
            RouteTables,
            SecurityGroups,
            NetworkInterfaces,
            Volumes,
            Instances,
        }.SelectMany(static resources => resources);

    public string Arn(string service, string resource) => $"arn:aws:{service}:{name}:{account}:{resource}";
}
