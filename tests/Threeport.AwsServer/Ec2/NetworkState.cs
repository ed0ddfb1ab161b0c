namespace Threeport.AwsServer.Ec2;

internal sealed class Vpc(string id, DateTimeOffset visible, string owner, Cidr cidr) : Ec2Resource(id, "vpc", visible)
{
    public string Owner => owner;

    public Cidr Cidr => cidr;

    public string Tenancy { get; init; } = "default";

    public string AssociationId { get; } = State.Ids.Ec2("vpc-cidr-assoc");

    public bool DnsSupport { get; set; } = true;

    public bool DnsHostnames { get; set; }

    public override IEnumerable<string?>? Field(string filter) =>
        filter switch
        {
            "vpc-id" => [Id],
            "cidr" or "cidr-block" or "cidrBlock" or "cidr-block-association.cidr-block" => [cidr.ToString()],
            "state" or "cidr-block-association.state" => ["available"],
            "is-default" or "isDefault" => ["false"],
            "owner-id" => [owner],
            "dhcp-options-id" => ["default"],
            _ => null,
        };
}

internal sealed class Subnet(string id, DateTimeOffset visible, Vpc vpc, Cidr cidr, Zone zone)
    : Ec2Resource(id, "subnet", visible)
{
    private uint _last = 3;

    public Vpc Vpc => vpc;

    public Cidr Cidr => cidr;

    public Zone Zone => zone;

    public bool MapPublicIp { get; set; }

    /// <summary>The next address that nobody has; the first four and the last are EC2's own.</summary>
    public string NextAddress() => cidr.Address(++_last);

    public override IEnumerable<string?>? Field(string filter) =>
        filter switch
        {
            "vpc-id" => [vpc.Id],
            "subnet-id" => [Id],
            "cidr" or "cidr-block" or "cidrBlock" => [cidr.ToString()],
            "state" => ["available"],
            "availability-zone" or "availabilityZone" => [zone.Name],
            "availability-zone-id" or "availabilityZoneId" => [zone.Id],
            "default-for-az" or "defaultForAz" => ["false"],
            "map-public-ip-on-launch" => [MapPublicIp ? "true" : "false"],
            "owner-id" => [vpc.Owner],
            _ => null,
        };
}

internal sealed class InternetGateway(string id, DateTimeOffset visible, string owner)
    : Ec2Resource(id, "internet-gateway", visible)
{
    public string Owner => owner;

    public Vpc? Vpc { get; set; }

    public override IEnumerable<string?>? Field(string filter) =>
        filter switch
        {
            "internet-gateway-id" => [Id],
            "attachment.vpc-id" => [Vpc?.Id],
            "attachment.state" => [Vpc is null ? null : "available"],
            "owner-id" => [owner],
            _ => null,
        };
}

internal sealed class ElasticAddress(string id, DateTimeOffset visible, string ip)
    : Ec2Resource(id, "elastic-ip", visible)
{
    public string Ip => ip;

    public NetworkInterface? Interface { get; set; }

    public string? AssociationId { get; set; }

    public override IEnumerable<string?>? Field(string filter) =>
        filter switch
        {
            "allocation-id" => [Id],
            "public-ip" => [ip],
            "association-id" => [AssociationId],
            "domain" => ["vpc"],
            "network-interface-id" => [Interface?.Id],
            "private-ip-address" => [Interface?.Address],
            _ => null,
        };
}

internal sealed class NatGateway(string id, DateTimeOffset visible, Subnet subnet, DateTimeOffset created)
    : Ec2Resource(id, "natgateway", visible)
{
    public Subnet Subnet => subnet;

    public DateTimeOffset Created => created;

    public DateTimeOffset? Deleted { get; set; }

    public ElasticAddress? Address { get; init; }

    public string? ClientToken { get; init; }

    public NetworkInterface? Interface { get; set; }

    /// <summary>pending, available, failed, deleting, deleted.</summary>
    public string State { get; set; } = "pending";

    public (string Code, string Message)? Failure { get; set; }

    public bool IsThere => State is "pending" or "available" or "deleting";

    public override IEnumerable<string?>? Field(string filter) =>
        filter switch
        {
            "nat-gateway-id" => [Id],
            "state" => [State],
            "subnet-id" => [subnet.Id],
            "vpc-id" => [subnet.Vpc.Id],
            _ => null,
        };
}

/// <summary>A network interface, of whatever it serves.</summary>
internal sealed class NetworkInterface(string id, DateTimeOffset visible, Subnet subnet, string type)
    : Ec2Resource(id, "network-interface", visible)
{
    public Subnet Subnet => subnet;

    /// <summary>interface, nat_gateway, network_load_balancer.</summary>
    public string Kind => type;

    public string Address { get; } = subnet.NextAddress();

    public string Description { get; init; } = "";

    /// <summary>Made and removed by AWS itself: nobody else may delete it.</summary>
    public bool IsManaged { get; init; }

    public IReadOnlyList<SecurityGroup> Groups { get; init; } = [];

    public string? Instance { get; set; }

    public ElasticAddress? PublicAddress { get; set; }

    /// <summary>in-use, or available once detached.</summary>
    public string State { get; set; } = "in-use";

    public override IEnumerable<string?>? Field(string filter) =>
        filter switch
        {
            "network-interface-id" => [Id],
            "vpc-id" => [subnet.Vpc.Id],
            "subnet-id" => [subnet.Id],
            "status" => [State],
            "group-id" => Groups.Select(static string? (group) => group.Id),
            "group-name" => Groups.Select(static string? (group) => group.Name),
            "description" => [Description],
            "interface-type" => [Kind],
            "availability-zone" => [subnet.Zone.Name],
            "requester-managed" => [IsManaged ? "true" : "false"],
            "attachment.instance-id" => [Instance],
            "private-ip-address" or "addresses.private-ip-address" => [Address],
            "owner-id" => [subnet.Vpc.Owner],
            _ => null,
        };
}
