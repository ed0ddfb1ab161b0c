namespace Threeport.AwsServer.Ec2;

internal sealed class Volume(string id, DateTimeOffset visible, Zone zone, int size, DateTimeOffset created)
    : Ec2Resource(id, "volume", visible)
{
    public Zone Zone => zone;

    public int Size => size;

    public DateTimeOffset Created => created;

    /// <summary>The instance it is attached to.</summary>
    public string? Instance { get; set; }

    public string State => Instance is null ? "available" : "in-use";

    public override IEnumerable<string?>? Field(string filter) =>
        filter switch
        {
            "volume-id" => [Id],
            "status" => [State],
            "availability-zone" => [zone.Name],
            "attachment.instance-id" => [Instance],
            "size" => [size.ToString(System.Globalization.CultureInfo.InvariantCulture)],
            "volume-type" => ["gp3"],
            _ => null,
        };
}

internal sealed class Instance(string id, DateTimeOffset visible, NetworkInterface network, string type)
    : Ec2Resource(id, "instance", visible)
{
    public NetworkInterface Network => network;

    public string InstanceType => type;

    public DateTimeOffset Launched => Visible;

    public override IEnumerable<string?>? Field(string filter) =>
        filter switch
        {
            "instance-id" => [Id],
            "instance-state-name" => ["running"],
            "instance-state-code" => ["16"],
            "instance-type" => [type],
            "vpc-id" or "network-interface.vpc-id" => [network.Subnet.Vpc.Id],
            "subnet-id" or "network-interface.subnet-id" => [network.Subnet.Id],
            "availability-zone" => [network.Subnet.Zone.Name],
            "private-ip-address" => [network.Address],
            "instance.group-id" => network.Groups.Select(static group => group.Id),
            _ => null,
        };
}
