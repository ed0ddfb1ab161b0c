using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

internal static class InternetGateways
{
    public static void AddTo(QueryOperations operations)
    {
        operations["CreateInternetGateway"] = Create;
        operations["AttachInternetGateway"] = Attach;
        operations["DetachInternetGateway"] = Detach;
        operations["DescribeInternetGateways"] = static call =>
            call.Describe(call.Here.InternetGateways, "InternetGatewayId", "internetGatewaySet", Write);
        operations["DeleteInternetGateway"] = Delete;
    }

    private static XElement?[] Create(QueryCall call)
    {
        var here = call.Here;
        var tags = call.TagsFor("internet-gateway");
        if (here.InternetGateways.Count >= call.Cloud.Settings.Quotas.InternetGateways)
        {
            throw new AwsException(
                "InternetGatewayLimitExceeded",
                "The maximum number of internet gateways has been reached."
            );
        }

        var gateway = new InternetGateway(Ids.Ec2("igw"), call.Visible(), here.Account);
        here.InternetGateways.Add(gateway.Tagged(tags));
        return [new XElement("internetGateway", Write(gateway))];
    }

    private static XElement?[] Attach(QueryCall call)
    {
        var (gateway, vpc) = Named(call);
        if (gateway.Vpc is not null)
        {
            throw new AwsException(
                "Resource.AlreadyAssociated",
                $"resource {gateway.Id} is already attached to network {gateway.Vpc.Id}"
            );
        }

        if (call.Here.InternetGateways.Any(other => other.Vpc == vpc))
        {
            throw new AwsException(
                "InvalidParameterValue",
                $"Network {vpc.Id} already has an internet gateway attached"
            );
        }

        gateway.Vpc = vpc;
        return [Xml.Flag("return", true)];
    }

    private static XElement?[] Detach(QueryCall call)
    {
        var (gateway, vpc) = Named(call);
        if (gateway.Vpc != vpc)
        {
            throw new AwsException("Gateway.NotAttached", $"resource {gateway.Id} is not attached to network {vpc.Id}");
        }

        if (call.Here.NetworkInterfaces.Any(network => network.Subnet.Vpc == vpc && network.PublicAddress is not null))
        {
            throw new AwsException(
                "DependencyViolation",
                $"Network {vpc.Id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway."
            );
        }

        gateway.Vpc = null;
        return [Xml.Flag("return", true)];
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var gateway = call.Here.InternetGateways[call.Parameters.Required("InternetGatewayId")];
        if (gateway.Vpc is not null)
        {
            throw new AwsException(
                "DependencyViolation",
                $"The internetGateway '{gateway.Id}' has dependencies and cannot be deleted."
            );
        }

        call.Here.InternetGateways.Remove(gateway);
        return [Xml.Flag("return", true)];
    }

    private static (InternetGateway Gateway, Vpc Vpc) Named(QueryCall call) =>
        (
            call.Here.InternetGateways[call.Parameters.Required("InternetGatewayId")],
            call.Here.Vpcs[call.Parameters.Required("VpcId")]
        );

    private static XElement?[] Write(InternetGateway gateway) =>
        [
            Xml.Text("internetGatewayId", gateway.Id),
            Xml.Text("ownerId", gateway.Owner),
            Xml.Items<Vpc>(
                "attachmentSet",
                gateway.Vpc is { } vpc ? [vpc] : [],
                static v => new[] { Xml.Text("vpcId", v.Id), Xml.Text("state", "available") }
            ),
            Describing.Tags(gateway.Tags),
        ];
}
