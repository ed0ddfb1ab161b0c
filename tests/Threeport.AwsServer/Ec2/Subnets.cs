using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

internal static class Subnets
{
    public static void AddTo(QueryOperations operations)
    {
        operations["CreateSubnet"] = Create;
        operations["DescribeSubnets"] = static call =>
            call.Describe(call.Here.Subnets, "SubnetId", "subnetSet", subnet => Write(call, subnet));
        operations["DeleteSubnet"] = Delete;
        operations["ModifySubnetAttribute"] = Modify;
    }

    private static XElement?[] Create(QueryCall call)
    {
        var here = call.Here;
        var vpc = here.Vpcs[call.Parameters.Required("VpcId")];
        var cidr = Range(here, vpc, call.Parameters.Required("CidrBlock"));
        var tags = call.TagsFor("subnet");
        var subnet = new Subnet(Ids.Ec2("subnet"), call.Visible(), vpc, cidr, Place(call));
        here.Subnets.Add(subnet.Tagged(tags));
        return [new XElement("subnet", Write(call, subnet))];
    }

    private static Cidr Range(RegionState here, Vpc vpc, string text)
    {
        if (Cidr.Parse(text) is not { Length: >= 16 and <= 28 } cidr || !vpc.Cidr.Contains(cidr))
        {
            throw new AwsException("InvalidSubnet.Range", $"The CIDR '{text}' is invalid.");
        }

        return here.Subnets.Any(subnet => subnet.Vpc == vpc && subnet.Cidr.Overlaps(cidr))
            ? throw new AwsException("InvalidSubnet.Conflict", $"The CIDR '{text}' conflicts with another subnet")
            : cidr;
    }

    private static Zone Place(QueryCall call)
    {
        var zones = Geography.Zones(call.Region);
        var (name, id) = (call.Parameters["AvailabilityZone"], call.Parameters["AvailabilityZoneId"]);
        return (name, id) is (null, null)
            ? zones[0]
            : zones.FirstOrDefault(zone => zone.Name == name || zone.Id == id)
                ?? throw new AwsException(
                    "InvalidParameterValue",
                    $"Value ({name ?? id}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: {string.Join(", ", zones.Select(static zone => zone.Name))}."
                );
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var here = call.Here;
        var subnet = here.Subnets[call.Parameters.Required("SubnetId")];
        if (here.NetworkInterfaces.Any(network => network.Subnet == subnet))
        {
            throw new AwsException(
                "DependencyViolation",
                $"The subnet '{subnet.Id}' has dependencies and cannot be deleted."
            );
        }

        here.Subnets.Remove(subnet);
        foreach (var table in here.RouteTables)
        {
            foreach (var (id, _) in table.Associations.Where(pair => pair.Value == subnet).ToList())
            {
                table.Associations.Remove(id);
            }
        }

        return [Xml.Flag("return", true)];
    }

    private static XElement?[] Modify(QueryCall call)
    {
        var subnet = call.Here.Subnets[call.Parameters.Required("SubnetId")];
        subnet.MapPublicIp = call.Parameters.Flag("MapPublicIpOnLaunch.Value") ?? subnet.MapPublicIp;
        return [Xml.Flag("return", true)];
    }

    private static XElement?[] Write(QueryCall call, Subnet subnet)
    {
        var taken = call.Here.NetworkInterfaces.Count(network => network.Subnet == subnet);
        return
        [
            Xml.Text("subnetId", subnet.Id),
            Xml.Text("subnetArn", call.Here.Arn("ec2", $"subnet/{subnet.Id}")),
            Xml.Text("state", "available"),
            Xml.Text("ownerId", subnet.Vpc.Owner),
            Xml.Text("vpcId", subnet.Vpc.Id),
            Xml.Text("cidrBlock", subnet.Cidr.ToString()),
            Xml.Number("availableIpAddressCount", (int)subnet.Cidr.Size - 5 - taken),
            Xml.Text("availabilityZone", subnet.Zone.Name),
            Xml.Text("availabilityZoneId", subnet.Zone.Id),
            Xml.Flag("defaultForAz", false),
            Xml.Flag("mapPublicIpOnLaunch", subnet.MapPublicIp),
            Xml.Flag("assignIpv6AddressOnCreation", false),
            new XElement("ipv6CidrBlockAssociationSet"),
            Describing.Tags(subnet.Tags),
        ];
    }
}
