using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Ec2;
using Threeport.AwsServer.Iam;
using Threeport.AwsServer.State;

namespace Threeport.AwsServer.Eks;

/// <summary>The instances of a node group: they start, join or do not, and go.</summary>
internal static class Nodes
{
    public static void Start(RestCall call, Nodegroup nodegroup)
    {
        var iam = call.Account.Iam;
        iam.InstanceProfiles.Add(
            nodegroup.Profile,
            new(call.Account.Id, "/", nodegroup.Profile, call.Now) { Role = RoleChecks.Find(call, nodegroup.NodeRole) }
        );
        var cluster = nodegroup.Cluster;
        if (cluster.AuthenticationMode != "CONFIG_MAP" && !cluster.AccessEntries.ContainsKey(nodegroup.NodeRole))
        {
            cluster.AccessEntries.Add(
                nodegroup.NodeRole,
                new(cluster, nodegroup.NodeRole, call.Now)
                {
                    Type = "EC2_LINUX",
                    UserName = "system:node:{{EC2PrivateDNSName}}",
                    Groups = ["system:nodes"],
                }
            );
        }

        call.Cloud.Timeline.In(
            call.Cloud.Settings.Timings.Nodegroup,
            () =>
            {
                if (nodegroup.Status == "CREATING")
                {
                    Settle(call, nodegroup);
                }
            }
        );
    }

    public static void End(RestCall call, Nodegroup nodegroup)
    {
        if (nodegroup.Status == "DELETING")
        {
            return;
        }

        nodegroup.Status = "DELETING";
        var (here, iam) = (call.Here, call.Account.Iam);
        call.Cloud.Timeline.In(
            call.Cloud.Settings.Timings.NodegroupDeletion,
            () =>
            {
                Shrink(here, nodegroup, to: 0);
                nodegroup.Cluster.Nodegroups.Remove(nodegroup.Name);
                iam.InstanceProfiles.Remove(nodegroup.Profile);
            }
        );
    }

    /// <summary>Brings the number of instances to what is desired, where there is room for them.</summary>
    public static void Fill(Cloud cloud, Nodegroup nodegroup)
    {
        var here = nodegroup.Cluster.Region;
        Shrink(here, nodegroup, nodegroup.Scaling.Desired);
        var open = nodegroup
            .Subnets.Where(subnet => !cloud.Settings.ZonesWithoutCapacity.Contains(subnet.Zone.Name))
            .ToList();
        while (open.Count > 0 && nodegroup.Instances.Count < nodegroup.Scaling.Desired)
        {
            Launch(here, nodegroup, open[nodegroup.Instances.Count % open.Count], cloud.Now);
        }

        nodegroup.Issues.Clear();
        foreach (var zone in nodegroup.Subnets.Except(open).Select(static subnet => subnet.Zone.Name).Distinct())
        {
            nodegroup.Issues.Add(
                new(
                    "AsgInstanceLaunchFailures",
                    $"Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have sufficient {nodegroup.InstanceTypes[0]} capacity in the Availability Zone you requested ({zone}). Our system will be working on provisioning additional capacity. Launching EC2 instance failed.",
                    [$"eks-{nodegroup.Name}-{nodegroup.Arn.Split('/')[^1]}"]
                )
            );
        }

        nodegroup.Status = nodegroup.Issues.Count == 0 ? "ACTIVE" : "DEGRADED";
    }

    /// <summary>A node group that lacked capacity fills up once there is some.</summary>
    public static void Recover(RestCall call, Nodegroup nodegroup)
    {
        if (nodegroup.Status == "DEGRADED")
        {
            Fill(call.Cloud, nodegroup);
        }
    }

    private static void Settle(RestCall call, Nodegroup nodegroup)
    {
        Fill(call.Cloud, nodegroup);
        if (nodegroup.Instances.Count == 0 && nodegroup.Issues.Count > 0)
        {
            nodegroup.Status = "CREATE_FAILED";
        }
        else if (Obstacle(call, nodegroup) is { } obstacle)
        {
            nodegroup.Issues.Add(obstacle);
            nodegroup.Status = "CREATE_FAILED";
        }
    }

    /// <summary>Why nodes that run would not become ready.</summary>
    private static HealthIssue? Obstacle(RestCall call, Nodegroup nodegroup)
    {
        var instances = nodegroup.Instances.Select(static instance => instance.Id).ToList();
        var role = RoleChecks.Find(call, nodegroup.NodeRole);
        return instances.Count == 0 ? null
            : !HasPolicies(role)
                ? new(
                    "AccessDenied",
                    $"The node role {nodegroup.NodeRole} lacks the policies that nodes need: AmazonEKSWorkerNodePolicy",
                    [nodegroup.NodeRole]
                )
            : nodegroup.Subnets.FirstOrDefault(subnet => !ReachesInternet(call.Here, subnet)) is { } cutOff
                ? new(
                    "NodeCreationFailure",
                    $"Instances failed to join the kubernetes cluster: subnet {cutOff.Id} has no route to the internet",
                    instances
                )
            : !nodegroup.Cluster.HasNetwork
                ? new("NodeCreationFailure", "Unhealthy nodes in the kubernetes cluster: no network plugin", instances)
            : null;
    }

    private static bool HasPolicies(Role? role) =>
        role is not null
        && role.Attached.Exists(static arn => arn.Contains("AmazonEKSWorkerNode", StringComparison.Ordinal));

    private static bool ReachesInternet(RegionState here, Subnet subnet)
    {
        var table =
            here.RouteTables.FirstOrDefault(table => table.Associations.ContainsValue(subnet))
            ?? here.RouteTables.First(table => table.Vpc == subnet.Vpc && table.IsMain);
        return table.Routes.GetValueOrDefault("0.0.0.0/0") is { IsBlackhole: false } route
            && (route.Gateway is null || subnet.MapPublicIp);
    }

    private static void Launch(RegionState here, Nodegroup nodegroup, Subnet subnet, DateTimeOffset now)
    {
        var id = Ids.Ec2("i");
        var network = new NetworkInterface(Ids.Ec2("eni"), now, subnet, "interface")
        {
            Groups = [nodegroup.Cluster.OwnGroup!],
            Instance = id,
        };
        network.Tags["eks:cluster-name"] = nodegroup.Cluster.Name;
        var instance = new Instance(id, now, here.NetworkInterfaces.Add(network), nodegroup.InstanceTypes[0]);
        instance.Tags["eks:cluster-name"] = nodegroup.Cluster.Name;
        instance.Tags["eks:nodegroup-name"] = nodegroup.Name;
        instance.Tags[$"kubernetes.io/cluster/{nodegroup.Cluster.Name}"] = "owned";
        nodegroup.Instances.Add(here.Instances.Add(instance));
    }

    private static void Shrink(RegionState here, Nodegroup nodegroup, int to)
    {
        while (nodegroup.Instances.Count > to)
        {
            var instance = nodegroup.Instances[^1];
            nodegroup.Instances.Remove(instance);
            here.Instances.Remove(instance);
            here.NetworkInterfaces.Remove(instance.Network);
        }
    }
}
