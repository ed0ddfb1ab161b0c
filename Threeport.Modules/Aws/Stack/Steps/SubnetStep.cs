using Amazon.EC2;
using Amazon.EC2.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>A zone's part of the network. In a public one machines have addresses that the Internet knows.</summary>
internal sealed class SubnetStep(bool isPublic) : StackStep
{
    public override string Type => "subnet";

    public override async Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var zone = context.Status.Zones.Single(z => z.Name == StackKey.WhichOf(resource.Step));
        var cidr = context.Definition.VpcCidr;
        var request = new CreateSubnetRequest
        {
            VpcId = context.Id(StackKey.Vpc),
            AvailabilityZone = zone.Name,
            CidrBlock = isPublic ? Subnetting.PublicOf(cidr, zone.Slot) : Subnetting.PrivateOf(cidr, zone.Slot),
            TagSpecifications = context.Tagged(ResourceType.Subnet, resource.Step),
        };
        var made = (await context.Clients.Ec2Once.CreateSubnetAsync(request, cancellationToken)).Subnet;
        return new(made.SubnetId, made.SubnetArn);
    }

    public override async Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new DescribeSubnetsRequest { Filters = context.TaggedAs(resource.Step) };
        var found = await context.Clients.Ec2.DescribeSubnetsAsync(request, cancellationToken);
        return found.Subnets is [var subnet, ..] ? new(subnet.SubnetId, subnet.SubnetArn) : null;
    }

    public override async Task<Look> LookAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        if (isPublic)
        {
            var request = new ModifySubnetAttributeRequest { SubnetId = resource.Id, MapPublicIpOnLaunch = true };
            await context.Clients.Ec2.ModifySubnetAttributeAsync(request, cancellationToken);
        }

        return Look.Ready;
    }

    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new DeleteSubnetRequest { SubnetId = resource.Id };
        await context.Clients.Ec2.DeleteSubnetAsync(request, cancellationToken);
        return true;
    }
}
