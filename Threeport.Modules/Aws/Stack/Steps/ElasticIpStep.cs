using Amazon.EC2;
using Amazon.EC2.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>The address that a NAT gateway speaks from.</summary>
internal sealed class ElasticIpStep : StackStep
{
    public override string Type => "elastic-ip";

    public override async Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new AllocateAddressRequest
        {
            Domain = DomainType.Vpc,
            TagSpecifications = context.Tagged(ResourceType.ElasticIp, resource.Step),
        };
        return new((await context.Clients.Ec2Once.AllocateAddressAsync(request, cancellationToken)).AllocationId);
    }

    public override async Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new DescribeAddressesRequest { Filters = context.TaggedAs(resource.Step) };
        var found = await context.Clients.Ec2.DescribeAddressesAsync(request, cancellationToken);
        return found.Addresses is [var address, ..] ? new(address.AllocationId) : null;
    }

    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new ReleaseAddressRequest { AllocationId = resource.Id };
        await context.Clients.Ec2.ReleaseAddressAsync(request, cancellationToken);
        return true;
    }
}
