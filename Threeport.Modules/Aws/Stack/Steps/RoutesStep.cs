using Amazon.EC2;
using Amazon.EC2.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>Which way packets leave: a public subnet's by the Internet gateway, a private one's by a NAT gateway.</summary>
internal sealed class RoutesStep(bool isPublic) : StackStep
{
    private const string Everywhere = "0.0.0.0/0";

    public override string Type => "route-table";

    public override async Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new CreateRouteTableRequest
        {
            VpcId = context.Id(StackKey.Vpc),
            TagSpecifications = context.Tagged(ResourceType.RouteTable, resource.Step),
        };
        var made = await context.Clients.Ec2Once.CreateRouteTableAsync(request, cancellationToken);
        return new(made.RouteTable.RouteTableId);
    }

    public override async Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new DescribeRouteTablesRequest { Filters = context.TaggedAs(resource.Step) };
        var found = await context.Clients.Ec2.DescribeRouteTablesAsync(request, cancellationToken);
        return found.RouteTables is [var table, ..] ? new(table.RouteTableId) : null;
    }

    public override async Task<Look> LookAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        await RouteAsync(context, resource, cancellationToken);
        foreach (var subnet in Subnets(context, StackKey.WhichOf(resource.Step)))
        {
            var request = new AssociateRouteTableRequest { RouteTableId = resource.Id, SubnetId = subnet };
            await AwsCalls.UnlessAsync(
                ["Resource.AlreadyAssociated"],
                () => context.Clients.Ec2.AssociateRouteTableAsync(request, cancellationToken)
            );
        }

        return Look.Ready;
    }

    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var ec2 = context.Clients.Ec2;
        var describe = new DescribeRouteTablesRequest { RouteTableIds = [resource.Id] };
        var tables = await ec2.DescribeRouteTablesAsync(describe, cancellationToken);
        foreach (var association in (tables.RouteTables ?? []).SelectMany(static t => t.Associations ?? []))
        {
            if (association.Main is not true)
            {
                var request = new DisassociateRouteTableRequest { AssociationId = association.RouteTableAssociationId };
                await AwsCalls.OrNothingAsync(() => ec2.DisassociateRouteTableAsync(request, cancellationToken));
            }
        }

        await ec2.DeleteRouteTableAsync(new DeleteRouteTableRequest { RouteTableId = resource.Id }, cancellationToken);
        return true;
    }

    private async Task RouteAsync(StackContext context, StackResource resource, CancellationToken cancellationToken)
    {
        var gateway = isPublic ? context.Id(StackKey.InternetGateway) : null;
        var nat = isPublic ? null : context.Id($"{StackKey.NatGateway}/{StackKey.WhichOf(resource.Step)}");
        var create = new CreateRouteRequest
        {
            RouteTableId = resource.Id,
            DestinationCidrBlock = Everywhere,
            GatewayId = gateway,
            NatGatewayId = nat,
        };
        var ec2 = context.Clients.Ec2;
        if (!await AwsCalls.UnlessAsync(["RouteAlreadyExists"], () => ec2.CreateRouteAsync(create, cancellationToken)))
        {
            // To what was there before, perhaps.
            var replace = new ReplaceRouteRequest
            {
                RouteTableId = resource.Id,
                DestinationCidrBlock = Everywhere,
                GatewayId = gateway,
                NatGatewayId = nat,
            };
            await ec2.ReplaceRouteAsync(replace, cancellationToken);
        }
    }

    /// <summary>A private subnet leaves by its own zone's gateway, or by the only one.</summary>
    private List<string> Subnets(StackContext context, string zone)
    {
        if (isPublic)
        {
            return context.Ids(StackKey.PublicSubnet);
        }

        var own = context.Definition.HighAvailability
            ? context.Status.Zones.Where(z => z.Name == zone)
            : context.Status.Zones;
        return [.. own.Select(z => context.Id($"{StackKey.PrivateSubnet}/{z.Name}"))];
    }
}
