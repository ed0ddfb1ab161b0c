using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

internal static class Vpcs
{
    public static void AddTo(QueryOperations operations)
    {
        operations["CreateVpc"] = Create;
        operations["DescribeVpcs"] = static call => call.Describe(call.Here.Vpcs, "VpcId", "vpcSet", Write);
        operations["DeleteVpc"] = Delete;
        operations["ModifyVpcAttribute"] = Modify;
        operations["DescribeVpcAttribute"] = DescribeAttribute;
    }

    private static XElement?[] Create(QueryCall call)
    {
        var here = call.Here;
        var text = call.Parameters.Required("CidrBlock");
        if (Cidr.Parse(text) is not { Length: >= 16 and <= 28 } cidr)
        {
            throw new AwsException("InvalidVpc.Range", $"The CIDR '{text}' is invalid.");
        }

        var tags = call.TagsFor("vpc");
        if (here.Vpcs.Count >= call.Cloud.Settings.Quotas.Vpcs)
        {
            throw new AwsException("VpcLimitExceeded", "The maximum number of VPCs has been reached.");
        }

        var vpc = new Vpc(Ids.Ec2("vpc"), call.Visible(), here.Account, cidr)
        {
            Tenancy = call.Parameters["InstanceTenancy"] ?? "default",
        };
        here.Vpcs.Add(vpc.Tagged(tags));
        var main = new RouteTable(Ids.Ec2("rtb"), call.Visible(), vpc) { IsMain = true };
        main.Routes.Add(cidr.ToString(), new(Gateway: null, Nat: null));
        here.RouteTables.Add(main);
        here.SecurityGroups.Add(SecurityGroups.Default(call, vpc));
        return [new XElement("vpc", Content(vpc, "pending"))];
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var here = call.Here;
        var vpc = here.Vpcs[call.Parameters.Required("VpcId")];
        if (IsUsed(here, vpc))
        {
            throw new AwsException(
                "DependencyViolation",
                $"The vpc '{vpc.Id}' has dependencies and cannot be deleted."
            );
        }

        here.Vpcs.Remove(vpc);
        foreach (var table in here.RouteTables.Where(table => table.Vpc == vpc))
        {
            here.RouteTables.Remove(table);
        }

        foreach (var group in here.SecurityGroups.Where(group => group.Vpc == vpc))
        {
            here.SecurityGroups.Remove(group);
        }

        return [Xml.Flag("return", true)];
    }

    private static bool IsUsed(RegionState here, Vpc vpc) =>
        here.Subnets.Any(subnet => subnet.Vpc == vpc)
        || here.InternetGateways.Any(gateway => gateway.Vpc == vpc)
        || here.RouteTables.Any(table => table.Vpc == vpc && !table.IsMain)
        || here.SecurityGroups.Any(group => group.Vpc == vpc && !group.IsDefault);

    private static XElement?[] Modify(QueryCall call)
    {
        var vpc = call.Here.Vpcs[call.Parameters.Required("VpcId")];
        vpc.DnsSupport = call.Parameters.Flag("EnableDnsSupport.Value") ?? vpc.DnsSupport;
        vpc.DnsHostnames = call.Parameters.Flag("EnableDnsHostnames.Value") ?? vpc.DnsHostnames;
        return [Xml.Flag("return", true)];
    }

    private static XElement?[] DescribeAttribute(QueryCall call)
    {
        var vpc = call.Here.Vpcs[call.Parameters.Required("VpcId")];
        var name = call.Parameters.Required("Attribute");
        var value = name switch
        {
            "enableDnsSupport" => vpc.DnsSupport,
            "enableDnsHostnames" => vpc.DnsHostnames,
            "enableNetworkAddressUsageMetrics" => false,
            _ => throw new AwsException(
                "InvalidParameterValue",
                $"Value ({name}) for parameter attribute is invalid. Unknown attribute."
            ),
        };
        return [Xml.Text("vpcId", vpc.Id), new XElement(name, Xml.Flag("value", value))];
    }

    private static object Write(Vpc vpc) => Content(vpc, "available");

    private static XElement?[] Content(Vpc vpc, string state) =>
        [
            Xml.Text("vpcId", vpc.Id),
            Xml.Text("ownerId", vpc.Owner),
            Xml.Text("state", state),
            Xml.Text("cidrBlock", vpc.Cidr.ToString()),
            Xml.Items(
                "cidrBlockAssociationSet",
                [vpc],
                static v =>
                    new[]
                    {
                        Xml.Text("cidrBlock", v.Cidr.ToString()),
                        Xml.Text("associationId", v.AssociationId),
                        new XElement("cidrBlockState", new XElement("state", "associated")),
                    }
            ),
            Xml.Text("dhcpOptionsId", "default"),
            Xml.Text("instanceTenancy", vpc.Tenancy),
            Xml.Flag("isDefault", false),
            Describing.Tags(vpc.Tags),
        ];
}
