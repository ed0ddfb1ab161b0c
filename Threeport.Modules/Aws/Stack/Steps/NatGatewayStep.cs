using Amazon.EC2;
using Amazon.EC2.Model;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack.Steps;

/// <summary>What lets private subnets reach the Internet, and nobody reach them.</summary>
internal sealed class NatGatewayStep : StackStep
{
    public override string Type => "nat-gateway";

    public override bool IsRepeatable => true;

    public override bool TakesTime => true;

    public override async Task<Made> CreateAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var zone = StackKey.WhichOf(resource.Step);
        var request = new CreateNatGatewayRequest
        {
            SubnetId = context.Id($"{StackKey.PublicSubnet}/{zone}"),
            AllocationId = context.Id($"{StackKey.ElasticIp}/{zone}"),
            ClientToken = context.Token(resource),
            TagSpecifications = context.Tagged(ResourceType.Natgateway, resource.Step),
        };
        var made = await context.Clients.Ec2.CreateNatGatewayAsync(request, cancellationToken);
        return new(made.NatGateway.NatGatewayId);
    }

    public override async Task<Made?> FindAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var all = await context.NatGatewaysAsync(cancellationToken);
        var found = all.Values.FirstOrDefault(g => !IsGone(g) && IsOf(g, resource.Step));
        return found is null ? null : new(found.NatGatewayId);
    }

    public override async Task<Look> LookAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        var all = await context.NatGatewaysAsync(cancellationToken);
        if (!all.TryGetValue(resource.Id!, out var gateway) || IsGone(gateway))
        {
            return Look.Missing;
        }

        return gateway.State == NatGatewayState.Available ? Look.Ready
            : gateway.State == NatGatewayState.Failed ? Look.Failed($"{gateway.FailureCode}: {gateway.FailureMessage}")
            : Look.Busy("creating");
    }

    public override async Task<bool> DeleteAsync(
        StackContext context,
        StackResource resource,
        CancellationToken cancellationToken
    )
    {
        if (resource.State is not StackState.Deleting)
        {
            var request = new DeleteNatGatewayRequest { NatGatewayId = resource.Id };
            await context.Clients.Ec2.DeleteNatGatewayAsync(request, cancellationToken);
            return false;
        }

        var all = await context.NatGatewaysAsync(cancellationToken);
        if (!all.TryGetValue(resource.Id!, out var gateway) || gateway.State == NatGatewayState.Deleted)
        {
            return true;
        }

        if (gateway.State != NatGatewayState.Deleting)
        {
            var request = new DeleteNatGatewayRequest { NatGatewayId = resource.Id };
            await context.Clients.Ec2.DeleteNatGatewayAsync(request, cancellationToken);
        }

        return false;
    }

    private static bool IsOf(NatGateway gateway, string step) =>
        (gateway.Tags ?? []).Any(t => t.Key == StackTags.Step && t.Value == step);

    private static bool IsGone(NatGateway gateway) =>
        gateway.State == NatGatewayState.Deleted || gateway.State == NatGatewayState.Deleting;
}
