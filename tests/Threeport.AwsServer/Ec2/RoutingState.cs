namespace Threeport.AwsServer.Ec2;

internal sealed class RouteTable(string id, DateTimeOffset visible, Vpc vpc) : Ec2Resource(id, "route-table", visible)
{
    public Vpc Vpc => vpc;

    /// <summary>The one that the VPC came with.</summary>
    public bool IsMain { get; init; }

    public string MainAssociation { get; } = State.Ids.Ec2("rtbassoc");

    /// <summary>By destination.</summary>
    public OrderedDictionary<string, Route> Routes { get; } = [];

    /// <summary>Subnets by the id of their association.</summary>
    public OrderedDictionary<string, Subnet> Associations { get; } = [];

    public override IEnumerable<string?>? Field(string filter) =>
        filter switch
        {
            "route-table-id" or "association.route-table-id" => [Id],
            "vpc-id" => [vpc.Id],
            "association.main" => [IsMain ? "true" : "false"],
            "association.subnet-id" => Associations.Values.Select(static subnet => subnet.Id),
            "association.route-table-association-id" => Associations.Keys,
            "route.destination-cidr-block" => Routes.Keys,
            "route.gateway-id" => Routes.Values.Select(static route => route.Gateway?.Id),
            "route.nat-gateway-id" => Routes.Values.Select(static route => route.Nat?.Id),
            "route.state" => Routes.Values.Select(static route => route.IsBlackhole ? "blackhole" : "active"),
            "owner-id" => [vpc.Owner],
            _ => null,
        };
}

/// <summary>Where packets for a destination go; with neither, they stay in the VPC.</summary>
internal sealed record Route(InternetGateway? Gateway, NatGateway? Nat)
{
    /// <summary>It leads to what is no longer there.</summary>
    public bool IsBlackhole => Gateway is { Vpc: null } || Nat is { State: not ("pending" or "available") };
}

internal sealed class SecurityGroup(string id, DateTimeOffset visible, Vpc vpc, string name, string description)
    : Ec2Resource(id, "security-group", visible)
{
    public Vpc Vpc => vpc;

    public string Name => name;

    public string Description => description;

    public bool IsDefault => name == "default";

    public List<SecurityRule> Rules { get; } = [];

    public override IEnumerable<string?>? Field(string filter) =>
        filter switch
        {
            "group-id" => [Id],
            "group-name" => [name],
            "vpc-id" => [vpc.Id],
            "description" => [description],
            "owner-id" => [vpc.Owner],
            "ip-permission.group-id" => Sources(SourceKind.Group),
            "ip-permission.cidr" => Sources(SourceKind.Cidr),
            _ => null,
        };

    private IEnumerable<string?> Sources(SourceKind kind) =>
        Rules.Where(rule => !rule.IsEgress && rule.Kind == kind).Select(static rule => rule.Source);
}

internal enum SourceKind
{
    Cidr,
    Cidr6,
    Group,
    PrefixList,
}

/// <summary>One rule: a protocol, ports, and one peer.</summary>
internal sealed record SecurityRule(
    bool IsEgress,
    string Protocol,
    int? From,
    int? To,
    SourceKind Kind,
    string Source,
    string? Description
)
{
    public string Id { get; } = State.Ids.Ec2("sgr");

    public bool IsSameAs(SecurityRule other) =>
        (IsEgress, Protocol, From, To, Kind, Source)
        == (other.IsEgress, other.Protocol, other.From, other.To, other.Kind, other.Source);
}
