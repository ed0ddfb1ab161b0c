using Amazon.EC2;
using Amazon.EC2.Model;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Stack;

/// <summary>
/// What Kubernetes made outside the stack: load balancers, of which the network shows interfaces and security groups, and volumes. While the
/// cluster is there it takes them down itself, once what they are for is gone; after it, nobody else does.
/// </summary>
internal sealed class Leftovers(StackContext context)
{
    private const string Owned = "owned";

    /// <summary>The interfaces of load balancers are described so, classic ones and the others alike.</summary>
    private const string LoadBalancer = "ELB ";

    /// <returns>What Kubernetes has yet to take down, each by what it is and its identifier.</returns>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
    {
        var volumes = await VolumesAsync(cancellationToken);
        var found = volumes.Select(static v => $"volume {v.VolumeId}").ToList();
        if (context.Find(StackKey.Vpc)?.Id is not null)
        {
            var balancers = (await InterfacesAsync(cancellationToken))
                .Where(IsOfLoadBalancer)
                .Select(static i => $"load balancer {i.Description[LoadBalancer.Length..]}")
                .Distinct(StringComparer.Ordinal);
            found.AddRange(balancers);
        }

        return found;
    }

    /// <summary>With the cluster gone: takes down what is the cluster's, or in its network and in nobody's use.</summary>
    /// <returns>What is left that only a person can take down.</returns>
    public async Task<IReadOnlyList<string>> TakeDownAsync(CancellationToken cancellationToken)
    {
        var left = new List<string>();
        foreach (var volume in await VolumesAsync(cancellationToken))
        {
            if (!await VolumeAsync(volume, cancellationToken))
            {
                left.Add($"volume {volume.VolumeId}, which is {volume.State}");
            }
        }

        if (context.Find(StackKey.Vpc)?.Id is not null)
        {
            left.AddRange(await NetworkAsync(cancellationToken));
        }

        return left;
    }

    private async Task<List<string>> NetworkAsync(CancellationToken cancellationToken)
    {
        var left = new List<string>();
        foreach (var card in await InterfacesAsync(cancellationToken))
        {
            if (card.Status == NetworkInterfaceStatus.Available)
            {
                var request = new DeleteNetworkInterfaceRequest { NetworkInterfaceId = card.NetworkInterfaceId };
                await AwsCalls.OrNothingAsync(() =>
                    context.Clients.Ec2.DeleteNetworkInterfaceAsync(request, cancellationToken)
                );
            }
            else if (!IsOfStack(card))
            {
                left.Add(
                    IsOfLoadBalancer(card)
                        ? $"load balancer {card.Description[LoadBalancer.Length..]}"
                        : $"network interface {card.NetworkInterfaceId} ({card.Description})"
                );
            }
        }

        left.AddRange(await GroupsAsync(cancellationToken));
        return left;
    }

    private async Task<List<string>> GroupsAsync(CancellationToken cancellationToken)
    {
        var ec2 = context.Clients.Ec2;
        var request = new DescribeSecurityGroupsRequest { Filters = [InVpc()] };
        var groups = (await ec2.DescribeSecurityGroupsAsync(request, cancellationToken)).SecurityGroups ?? [];
        var left = new List<string>();
        foreach (var group in groups.Where(static g => g.GroupName != "default"))
        {
            var delete = new DeleteSecurityGroupRequest { GroupId = group.GroupId };
            try
            {
                await AwsCalls.OrNothingAsync(() => ec2.DeleteSecurityGroupAsync(delete, cancellationToken));
            }
            catch (AmazonEC2Exception exception) when (AwsFailure.Of(exception, cancellationToken) is { IsInUse: true })
            {
                left.Add($"security group {group.GroupId} ({group.GroupName})");
            }
        }

        return left;
    }

    private async Task<bool> VolumeAsync(Volume volume, CancellationToken cancellationToken)
    {
        if (volume.State != VolumeState.Available)
        {
            return volume.State == VolumeState.Deleting;
        }

        var request = new DeleteVolumeRequest { VolumeId = volume.VolumeId };
        await AwsCalls.OrNothingAsync(() => context.Clients.Ec2.DeleteVolumeAsync(request, cancellationToken));
        return true;
    }

    private async Task<List<Volume>> VolumesAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeVolumesRequest
        {
            Filters = [new($"tag:{StackTags.Cluster(context.Cluster)}", [Owned])],
        };
        return (await context.Clients.Ec2.DescribeVolumesAsync(request, cancellationToken)).Volumes ?? [];
    }

    private async Task<List<NetworkInterface>> InterfacesAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeNetworkInterfacesRequest { Filters = [InVpc()] };
        return (await context.Clients.Ec2.DescribeNetworkInterfacesAsync(request, cancellationToken)).NetworkInterfaces
            ?? [];
    }

    private Filter InVpc() => new("vpc-id", [context.Id(StackKey.Vpc)]);

    private static bool IsOfLoadBalancer(NetworkInterface card) =>
        card.Description?.StartsWith(LoadBalancer, StringComparison.Ordinal) is true;

    /// <summary>Those of NAT gateways and of the cluster go with these.</summary>
    private static bool IsOfStack(NetworkInterface card) =>
        card.InterfaceType?.Value == "nat_gateway"
        || card.Description?.StartsWith("Amazon EKS", StringComparison.Ordinal) is true
        || card.Description?.StartsWith("Interface for NAT Gateway", StringComparison.Ordinal) is true;
}
