using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

internal static class NetworkInterfaces
{
    public static void AddTo(QueryOperations operations)
    {
        operations["DescribeNetworkInterfaces"] = static call =>
            call.Describe(call.Here.NetworkInterfaces, "NetworkInterfaceId", "networkInterfaceSet", Write);
        operations["DeleteNetworkInterface"] = Delete;
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var network = call.Here.NetworkInterfaces[call.Parameters.Required("NetworkInterfaceId")];
        if (network.IsManaged)
        {
            throw new AwsException("AuthFailure", "You do not have permission to access the specified resource.", 403);
        }

        if (network.State != "available")
        {
            throw new AwsException("InvalidParameterValue", $"Network interface '{network.Id}' is currently in use.");
        }

        call.Here.NetworkInterfaces.Remove(network);
        return [Xml.Flag("return", true)];
    }

    private static XElement?[] Write(NetworkInterface network) =>
        [
            Xml.Text("networkInterfaceId", network.Id),
            Xml.Text("subnetId", network.Subnet.Id),
            Xml.Text("vpcId", network.Subnet.Vpc.Id),
            Xml.Text("availabilityZone", network.Subnet.Zone.Name),
            Xml.Text("description", network.Description),
            Xml.Text("ownerId", network.Subnet.Vpc.Owner),
            Xml.Text("requesterId", network.IsManaged ? "amazon-aws" : null),
            Xml.Flag("requesterManaged", network.IsManaged),
            Xml.Text("status", network.State),
            Xml.Text("privateIpAddress", network.Address),
            Xml.Text("interfaceType", network.Kind),
            Xml.Flag("sourceDestCheck", network.Kind != "nat_gateway"),
            Xml.Items(
                "groupSet",
                network.Groups,
                static group => new[] { Xml.Text("groupId", group.Id), Xml.Text("groupName", group.Name) }
            ),
            network.State == "in-use"
                ? new XElement(
                    "attachment",
                    Xml.Text("status", "attached"),
                    Xml.Text("instanceId", network.Instance),
                    Xml.Flag("deleteOnTermination", network.Instance is not null)
                )
                : null,
            Association(network),
            Xml.Items(
                "privateIpAddressesSet",
                [network],
                static n => new[] { Xml.Text("privateIpAddress", n.Address), Xml.Flag("primary", true), Association(n) }
            ),
            Describing.Tags(network.Tags),
        ];

    private static XElement? Association(NetworkInterface network) =>
        network.PublicAddress is { } address
            ? new(
                "association",
                Xml.Text("publicIp", address.Ip),
                Xml.Text("allocationId", address.Id),
                Xml.Text("associationId", address.AssociationId),
                Xml.Text("ipOwnerId", network.Subnet.Vpc.Owner)
            )
            : null;
}
