using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

internal static class Routes
{
    public static void AddTo(QueryOperations operations)
    {
        operations["CreateRoute"] = Create;
        operations["ReplaceRoute"] = Replace;
        operations["DeleteRoute"] = Delete;
    }

    private static XElement?[] Create(QueryCall call)
    {
        var (table, destination) = Named(call);
        var route = Target(call, table);
        if (table.Routes.ContainsKey(destination))
        {
            throw new AwsException("RouteAlreadyExists", $"The route identified by {destination} already exists.");
        }

        table.Routes.Add(destination, route);
        return [Xml.Flag("return", true)];
    }

    private static XElement?[] Replace(QueryCall call)
    {
        var (table, destination) = Named(call);
        var route = Target(call, table);
        table.Routes[destination] = table.Routes.ContainsKey(destination) ? route : throw Missing(table, destination);
        return [Xml.Flag("return", true)];
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var (table, destination) = Named(call);
        if (table.Routes.GetValueOrDefault(destination) is not { } route)
        {
            throw Missing(table, destination);
        }

        if ((route.Gateway, route.Nat) is (null, null))
        {
            throw new AwsException(
                "InvalidParameterValue",
                $"cannot remove local route {destination} in route table {table.Id}"
            );
        }

        table.Routes.Remove(destination);
        return [Xml.Flag("return", true)];
    }

    private static (RouteTable Table, string Destination) Named(QueryCall call)
    {
        var table = call.Here.RouteTables[call.Parameters.Required("RouteTableId")];
        var text = call.Parameters.Required("DestinationCidrBlock");
        return Cidr.Parse(text) is { } cidr
            ? (table, cidr.ToString())
            : throw new AwsException(
                "InvalidParameterValue",
                $"Value ({text}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block."
            );
    }

    private static Route Target(QueryCall call, RouteTable table) =>
        (call.Parameters["GatewayId"], call.Parameters["NatGatewayId"]) switch
        {
            ({ } gateway, null) => new(Gateway(call, table, gateway), Nat: null),
            (null, { } nat) => new(Gateway: null, Nat(call, table, nat)),
            _ => throw new AwsException("MissingParameter", "The request must contain exactly one gateway."),
        };

    private static InternetGateway Gateway(QueryCall call, RouteTable table, string id)
    {
        if (!call.Here.InternetGateways.TryGet(id, out var gateway))
        {
            throw new AwsException("InvalidGatewayID.NotFound", $"The gateway ID '{id}' does not exist");
        }

        return gateway.Vpc == table.Vpc ? gateway : throw Foreign(table, id);
    }

    private static NatGateway Nat(QueryCall call, RouteTable table, string id)
    {
        if (!call.Here.NatGateways.TryGet(id, out var nat) || nat.State is not ("pending" or "available"))
        {
            throw new AwsException("InvalidNatGatewayID.NotFound", $"The natGateway ID '{id}' does not exist");
        }

        return nat.Subnet.Vpc == table.Vpc ? nat : throw Foreign(table, id);
    }

    private static AwsException Foreign(RouteTable table, string gateway) =>
        new(
            "InvalidParameterValue",
            $"route table {table.Id} and network gateway {gateway} belong to different networks"
        );

    private static AwsException Missing(RouteTable table, string destination) =>
        new("InvalidRoute.NotFound", $"no route with destination-cidr-block {destination} in route table {table.Id}");
}
