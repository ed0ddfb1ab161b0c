using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

internal static class NatGateways
{
    public static void AddTo(QueryOperations operations)
    {
        operations["CreateNatGateway"] = Create;
        operations["DescribeNatGateways"] = static call =>
            call.Describe(call.Here.NatGateways, "NatGatewayId", "natGatewaySet", Write);
        operations["DeleteNatGateway"] = Delete;
    }

    private static XElement?[] Create(QueryCall call)
    {
        var here = call.Here;
        var subnet = here.Subnets[call.Parameters.Required("SubnetId")];
        var isPublic = (call.Parameters["ConnectivityType"] ?? "public") == "public";
        var address = isPublic ? here.Addresses[call.Parameters.Required("AllocationId")] : null;
        var tags = call.TagsFor("natgateway");
        var token = call.Parameters["ClientToken"];
        if (token is not null && here.NatGateways.FirstOrDefault(nat => nat.ClientToken == token) is { } before)
        {
            return (before.Subnet, before.Address) == (subnet, address)
                ? Answer(before)
                : throw new AwsException(
                    "IdempotentParameterMismatch",
                    "The request uses the same client token as a previous, but non-identical request."
                );
        }

        if (
            here.NatGateways.Count(nat => nat.IsThere && nat.Subnet.Zone == subnet.Zone)
            >= call.Cloud.Settings.Quotas.NatGatewaysPerZone
        )
        {
            throw new AwsException(
                "NatGatewayLimitExceeded",
                "The maximum number of NAT gateways in this availability zone has been reached."
            );
        }

        var gateway = new NatGateway(Ids.Ec2("nat"), call.Visible(), subnet, call.Now)
        {
            Address = address,
            ClientToken = token,
        };
        here.NatGateways.Add(gateway.Tagged(tags));
        Start(call, gateway);
        return Answer(gateway);
    }

    private static void Start(QueryCall call, NatGateway gateway)
    {
        var here = call.Here;
        gateway.Failure = Obstacle(here, gateway);
        if (gateway.Failure is null)
        {
            gateway.Interface = here.NetworkInterfaces.Add(
                new(Ids.Ec2("eni"), call.Now, gateway.Subnet, "nat_gateway")
                {
                    Description = $"Interface for NAT Gateway {gateway.Id}",
                    IsManaged = true,
                    PublicAddress = gateway.Address,
                }
            );
            if (gateway.Address is { } address)
            {
                (address.Interface, address.AssociationId) = (gateway.Interface, Ids.Ec2("eipassoc"));
            }
        }

        call.Cloud.Timeline.In(
            call.Cloud.Settings.Timings.NatGateway,
            () =>
            {
                if (gateway.State == "pending")
                {
                    gateway.State = gateway.Failure is null ? "available" : "failed";
                }
            }
        );
    }

    /// <summary>These are found out when it is being made, so the call succeeds and the gateway fails.</summary>
    private static (string, string)? Obstacle(RegionState here, NatGateway gateway) =>
        gateway.Address is null ? null
        : gateway.Address.Interface is not null
            ? (
                "Resource.AlreadyAssociated",
                $"Elastic IP address [{gateway.Address.Id}] is already associated with another resource"
            )
        : here.InternetGateways.All(other => other.Vpc != gateway.Subnet.Vpc)
            ? ("Gateway.NotAttached", $"Network {gateway.Subnet.Vpc.Id} has no Internet gateway attached")
        : null;

    private static XElement?[] Delete(QueryCall call)
    {
        var here = call.Here;
        var gateway = here.NatGateways[call.Parameters.Required("NatGatewayId")];
        if (gateway.State is not ("deleting" or "deleted"))
        {
            gateway.State = "deleting";
            gateway.Deleted = call.Now;
            var (timeline, timings) = (call.Cloud.Timeline, call.Cloud.Settings.Timings);
            timeline.In(timings.NatGatewayDeletion, () => Finish(here, gateway));
            timeline.In(
                timings.NatGatewayDeletion + timings.DeletedNatGatewayKept,
                () => here.NatGateways.Remove(gateway)
            );
        }

        return [Xml.Text("natGatewayId", gateway.Id)];
    }

    private static void Finish(RegionState here, NatGateway gateway)
    {
        gateway.State = "deleted";
        if (gateway.Interface is not { } network)
        {
            return;
        }

        here.NetworkInterfaces.Remove(network);
        if (gateway.Address is { } address && address.Interface == network)
        {
            (address.Interface, address.AssociationId) = (null, null);
        }
    }

    private static XElement?[] Answer(NatGateway gateway) =>
        [Xml.Text("clientToken", gateway.ClientToken), new XElement("natGateway", Write(gateway))];

    private static XElement?[] Write(NatGateway gateway) =>
        [
            Xml.Text("natGatewayId", gateway.Id),
            Xml.Text("subnetId", gateway.Subnet.Id),
            Xml.Text("vpcId", gateway.Subnet.Vpc.Id),
            Xml.Text("state", gateway.State),
            Xml.Time("createTime", gateway.Created),
            Xml.Time("deleteTime", gateway.Deleted),
            Xml.Text("failureCode", gateway.State == "failed" ? gateway.Failure?.Code : null),
            Xml.Text("failureMessage", gateway.State == "failed" ? gateway.Failure?.Message : null),
            Xml.Text("connectivityType", gateway.Address is null ? "private" : "public"),
            Xml.Items(
                "natGatewayAddressSet",
                [gateway],
                static g =>
                    new[]
                    {
                        Xml.Text("allocationId", g.Address?.Id),
                        Xml.Text("publicIp", g.Address?.Ip),
                        Xml.Text("networkInterfaceId", g.Interface?.Id),
                        Xml.Text("privateIp", g.Interface?.Address),
                        Xml.Flag("isPrimary", true),
                        Xml.Text("status", g.Failure is null ? "succeeded" : "failed"),
                    }
            ),
            Describing.Tags(gateway.Tags),
        ];
}
