using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Ec2;
using Threeport.AwsServer.State;

namespace Threeport.AwsServer.Eks;

/// <summary>A cluster comes up and goes, and what it has in the VPC with it.</summary>
internal static class ClusterLife
{
    public const string AdminPolicy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

    public static void Start(RestCall call, Cluster cluster)
    {
        var here = call.Here;
        var name = $"eks-cluster-sg-{cluster.Name}-{Random.Shared.Next(100_000_000, 1_000_000_000)}";
        var group = SecurityGroups.New(
            call.Now,
            cluster.Vpc,
            name,
            "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads."
        );
        group.Rules.Add(new(IsEgress: false, "-1", null, null, SourceKind.Group, group.Id, Description: null));
        group.Tags["Name"] = name;
        group.Tags[$"kubernetes.io/cluster/{cluster.Name}"] = "owned";
        group.Tags["aws:eks:cluster-name"] = cluster.Name;
        cluster.OwnGroup = here.SecurityGroups.Add(group);
        foreach (var subnet in cluster.Subnets.DistinctBy(static subnet => subnet.Zone).Take(2))
        {
            var network = new NetworkInterface(Ids.Ec2("eni"), call.Now, subnet, "interface")
            {
                Description = $"Amazon EKS {cluster.Name}",
                IsManaged = true,
                Groups = [.. cluster.SecurityGroups, group],
            };
            cluster.Interfaces.Add(here.NetworkInterfaces.Add(network));
        }

        if (cluster.IsCreatorAdmin && cluster.AuthenticationMode != "CONFIG_MAP")
        {
            GrantAdmin(cluster, call.Now);
        }

        call.Cloud.Timeline.In(
            call.Cloud.Settings.Timings.Cluster,
            () =>
            {
                if (cluster.Status == "CREATING")
                {
                    cluster.Status = "ACTIVE";
                }
            }
        );
    }

    public static void End(RestCall call, Cluster cluster)
    {
        if (cluster.Status == "DELETING")
        {
            return;
        }

        cluster.Status = "DELETING";
        var here = call.Here;
        var endpoints = call.Cloud.Endpoints;
        call.Cloud.Timeline.In(
            call.Cloud.Settings.Timings.ClusterDeletion,
            () =>
            {
                foreach (var network in cluster.Interfaces)
                {
                    here.NetworkInterfaces.Remove(network);
                }

                RemoveGroup(here, cluster.OwnGroup!);
                here.Clusters.Remove(cluster.Name);
                endpoints.Close(cluster.Endpoint);
            }
        );
    }

    /// <summary>A group that something else still uses is left behind, as EKS leaves it.</summary>
    private static void RemoveGroup(RegionState here, SecurityGroup group)
    {
        var isUsed =
            here.NetworkInterfaces.Any(network => network.Groups.Contains(group))
            || here.SecurityGroups.Any(other =>
                other != group && other.Rules.Exists(rule => rule.Kind == SourceKind.Group && rule.Source == group.Id)
            );
        if (!isUsed)
        {
            here.SecurityGroups.Remove(group);
        }
    }

    private static void GrantAdmin(Cluster cluster, DateTimeOffset now)
    {
        var entry = new AccessEntry(cluster, cluster.Creator, now)
        {
            UserName = AccessEntries.UserName(cluster.Creator),
        };
        entry.Policies.Add(AdminPolicy, new(AdminPolicy, new() { ["type"] = "cluster" }, now, now));
        cluster.AccessEntries.Add(cluster.Creator, entry);
    }
}
