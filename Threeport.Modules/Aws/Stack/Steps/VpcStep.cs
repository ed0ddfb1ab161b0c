using Amazon.EC2;
using Amazon.EC2.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>The network. Nodes are known by names in it, which a new one does not give.</summary>
internal sealed class VpcStep : StackStep
{
    public override string Type => "vpc";

    public override async Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new CreateVpcRequest
        {
            CidrBlock = context.Definition.VpcCidr,
            TagSpecifications = context.Tagged(ResourceType.Vpc, resource.Step),
        };
        return new((await context.Clients.Ec2Once.CreateVpcAsync(request, cancellationToken)).Vpc.VpcId);
    }

    public override async Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new DescribeVpcsRequest { Filters = context.TaggedAs(resource.Step) };
        var found = await context.Clients.Ec2.DescribeVpcsAsync(request, cancellationToken);
        return found.Vpcs is [var vpc, ..] ? new(vpc.VpcId) : null;
    }

    public override async Task<Look> LookAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new ModifyVpcAttributeRequest { VpcId = resource.Id, EnableDnsHostnames = true };
        await context.Clients.Ec2.ModifyVpcAttributeAsync(request, cancellationToken);
        return Look.Ready;
    }

    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new DeleteVpcRequest { VpcId = resource.Id };
        await context.Clients.Ec2.DeleteVpcAsync(request, cancellationToken);
        return true;
    }
}
