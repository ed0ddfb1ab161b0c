using Threeport.AwsServer.Ec2;
using Threeport.AwsServer.Eks;
using Threeport.AwsServer.State;

namespace Threeport.AwsServer.Control;

/// <summary>What the controllers inside a cluster make at AWS, beside the stack.</summary>
internal static class Leftovers
{
    public static string AddLoadBalancer(Cloud cloud, AwsCluster named)
    {
        var (region, cluster) = Find(cloud, named);
        var name = $"k8s-elb-{Ids.Hex(16).ToLowerInvariant()}";
        var group = SecurityGroups.New(cloud.Now, cluster.Vpc, name, "Security group for Kubernetes ELB");
        group.Tags[$"kubernetes.io/cluster/{cluster.Name}"] = "owned";
        region.SecurityGroups.Add(group);
        foreach (var subnet in cluster.Subnets.DistinctBy(static subnet => subnet.Zone))
        {
            region.NetworkInterfaces.Add(
                new(Ids.Ec2("eni"), cloud.Now, subnet, "network_load_balancer")
                {
                    Description = $"ELB net/{name}/{Ids.Hex(16).ToLowerInvariant()}",
                    IsManaged = true,
                    Groups = [group],
                }
            );
        }

        return group.Id;
    }

    public static bool RemoveLoadBalancer(Cloud cloud, AwsCluster named, string id)
    {
        var region = Region(cloud, named);
        var group = region.SecurityGroups[id];
        foreach (var network in region.NetworkInterfaces.Where(network => network.Groups.Contains(group)))
        {
            region.NetworkInterfaces.Remove(network);
        }

        region.SecurityGroups.Remove(group);
        return true;
    }

    public static string AddVolume(Cloud cloud, AwsCluster named)
    {
        var (region, cluster) = Find(cloud, named);
        var volume = new Volume(Ids.Ec2("vol"), cloud.Now, cluster.Subnets[0].Zone, size: 10, cloud.Now);
        volume.Tags[$"kubernetes.io/cluster/{cluster.Name}"] = "owned";
        volume.Tags["ebs.csi.aws.com/cluster"] = "true";
        return region.Volumes.Add(volume).Id;
    }

    private static RegionState Region(Cloud cloud, AwsCluster named) =>
        cloud.Account(named.Account).Region(named.Region);

    private static (RegionState, Cluster) Find(Cloud cloud, AwsCluster named)
    {
        var region = Region(cloud, named);
        return region.Clusters.GetValueOrDefault(named.Name) is { } cluster
            ? (region, cluster)
            : throw new InvalidOperationException($"There is no cluster {named.Name} in {named.Region}.");
    }
}
