using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

internal static class RouteTables
{
    public static void AddTo(QueryOperations operations)
    {
        operations["CreateRouteTable"] = Create;
        operations["AssociateRouteTable"] = Associate;
        operations["DisassociateRouteTable"] = Disassociate;
        operations["DescribeRouteTables"] = static call =>
            call.Describe(call.Here.RouteTables, "RouteTableId", "routeTableSet", Write);
        operations["DeleteRouteTable"] = Delete;
    }

    private static XElement?[] Create(QueryCall call)
    {
        var here = call.Here;
        var vpc = here.Vpcs[call.Parameters.Required("VpcId")];
        var table = new RouteTable(Ids.Ec2("rtb"), call.Visible(), vpc).Tagged(call.TagsFor("route-table"));
        table.Routes.Add(vpc.Cidr.ToString(), new(Gateway: null, Nat: null));
        here.RouteTables.Add(table);
        return [new XElement("routeTable", Write(table))];
    }

    private static XElement?[] Associate(QueryCall call)
    {
        var table = call.Here.RouteTables[call.Parameters.Required("RouteTableId")];
        var subnet = call.Here.Subnets[call.Parameters.Required("SubnetId")];
        if (subnet.Vpc != table.Vpc)
        {
            throw new AwsException(
                "InvalidParameterValue",
                $"route table {table.Id} and subnet {subnet.Id} belong to different networks"
            );
        }

        if (call.Here.RouteTables.Any(other => other.Associations.ContainsValue(subnet)))
        {
            throw new AwsException(
                "Resource.AlreadyAssociated",
                $"the specified association for route table {table.Id} conflicts with an existing association"
            );
        }

        var id = Ids.Ec2("rtbassoc");
        table.Associations.Add(id, subnet);
        return [Xml.Text("associationId", id), State()];
    }

    private static XElement?[] Disassociate(QueryCall call)
    {
        var id = call.Parameters.Required("AssociationId");
        if (call.Here.RouteTables.FirstOrDefault(table => table.Associations.ContainsKey(id)) is not { } table)
        {
            throw new AwsException("InvalidAssociationID.NotFound", $"The association ID '{id}' does not exist");
        }

        table.Associations.Remove(id);
        return [Xml.Flag("return", true)];
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var table = call.Here.RouteTables[call.Parameters.Required("RouteTableId")];
        if (table.IsMain || table.Associations.Count > 0)
        {
            throw new AwsException(
                "DependencyViolation",
                $"The routeTable '{table.Id}' has dependencies and cannot be deleted."
            );
        }

        call.Here.RouteTables.Remove(table);
        return [Xml.Flag("return", true)];
    }

    private static XElement State() => new("associationState", new XElement("state", "associated"));

    private static XElement?[] Write(RouteTable table)
    {
        var subnets = table.Associations.Select(static pair => (Id: pair.Key, Subnet: (string?)pair.Value.Id));
        return
        [
            Xml.Text("routeTableId", table.Id),
            Xml.Text("vpcId", table.Vpc.Id),
            Xml.Text("ownerId", table.Vpc.Owner),
            Xml.Items("routeSet", table.Routes, static route => Write(route.Key, route.Value)),
            Xml.Items(
                "associationSet",
                table.IsMain ? subnets.Prepend((table.MainAssociation, null)) : subnets,
                association =>
                    new[]
                    {
                        Xml.Text("routeTableAssociationId", association.Id),
                        Xml.Text("routeTableId", table.Id),
                        Xml.Text("subnetId", association.Subnet),
                        Xml.Flag("main", association.Subnet is null),
                        State(),
                    }
            ),
            new XElement("propagatingVgwSet"),
            Describing.Tags(table.Tags),
        ];
    }

    private static XElement?[] Write(string destination, Route route)
    {
        var isLocal = (route.Gateway, route.Nat) is (null, null);
        return
        [
            Xml.Text("destinationCidrBlock", destination),
            Xml.Text("gatewayId", isLocal ? "local" : route.Gateway?.Id),
            Xml.Text("natGatewayId", route.Nat?.Id),
            Xml.Text("state", route.IsBlackhole ? "blackhole" : "active"),
            Xml.Text("origin", isLocal ? "CreateRouteTable" : "CreateRoute"),
        ];
    }
}
