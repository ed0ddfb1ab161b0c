using Amazon.EC2;
using Amazon.EC2.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>The network's way to the Internet.</summary>
internal sealed class InternetGatewayStep : StackStep
{
    public override string Type => "internet-gateway";

    public override async Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new CreateInternetGatewayRequest
        {
            TagSpecifications = context.Tagged(ResourceType.InternetGateway, resource.Step),
        };
        var made = await context.Clients.Ec2Once.CreateInternetGatewayAsync(request, cancellationToken);
        return new(made.InternetGateway.InternetGatewayId);
    }

    public override async Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new DescribeInternetGatewaysRequest { Filters = context.TaggedAs(resource.Step) };
        var found = await context.Clients.Ec2.DescribeInternetGatewaysAsync(request, cancellationToken);
        return found.InternetGateways is [var gateway, ..] ? new(gateway.InternetGatewayId) : null;
    }

    public override async Task<Look> LookAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var request = new AttachInternetGatewayRequest
        {
            InternetGatewayId = resource.Id,
            VpcId = context.Id(StackKey.Vpc),
        };
        await AwsCalls.UnlessAsync(
            ["Resource.AlreadyAssociated"],
            () => context.Clients.Ec2.AttachInternetGatewayAsync(request, cancellationToken)
        );
        return Look.Ready;
    }

    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        if (context.Find(StackKey.Vpc)?.Id is { } vpc)
        {
            var detach = new DetachInternetGatewayRequest { InternetGatewayId = resource.Id, VpcId = vpc };
            await AwsCalls.UnlessAsync(
                ["Gateway.NotAttached", "InvalidVpcID.NotFound"],
                () => context.Clients.Ec2.DetachInternetGatewayAsync(detach, cancellationToken)
            );
        }

        var request = new DeleteInternetGatewayRequest { InternetGatewayId = resource.Id };
        await context.Clients.Ec2.DeleteInternetGatewayAsync(request, cancellationToken);
        return true;
    }
}
