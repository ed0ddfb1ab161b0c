using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Ec2;

namespace Threeport.AwsServer.Eks;

internal static class NodegroupOperations
{
    public static void AddTo(RestRoutes routes)
    {
        routes.Add("CreateNodegroup", "POST", "/clusters/{name}/node-groups", Create);
        routes.Add("ListNodegroups", "GET", "/clusters/{name}/node-groups", List);
        routes.Add("DescribeNodegroup", "GET", "/clusters/{name}/node-groups/{nodegroupName}", Describe);
        routes.Add("DeleteNodegroup", "DELETE", "/clusters/{name}/node-groups/{nodegroupName}", Delete);
    }

    public static Nodegroup Find(Cluster cluster, string name) =>
        cluster.Nodegroups.GetValueOrDefault(name)
        ?? throw EksAnswers.NotFound(
            $"No node group found for name: {name}.",
            ("clusterName", cluster.Name),
            ("nodegroupName", name)
        );

    public static Nodegroup Nodegroup(this RestCall call) => Find(call.Cluster(), call.Route["nodegroupName"]);

    /// <summary>The bounds as given, over those that hold.</summary>
    public static Scaling Scale(JsonObject? given, Scaling before)
    {
        var scaling = new Scaling(
            given?.Number("minSize") ?? before.Minimum,
            given?.Number("maxSize") ?? before.Maximum,
            given?.Number("desiredSize") ?? before.Desired
        );
        return scaling switch
        {
            { Maximum: < 1 } or { Minimum: < 0 } => throw EksAnswers.Invalid("maxSize must be at least 1"),
            _ when scaling.Minimum > scaling.Desired => throw EksAnswers.Invalid(
                $"Minimum capacity {scaling.Minimum} can't be greater than desired size {scaling.Desired}"
            ),
            _ when scaling.Desired > scaling.Maximum => throw EksAnswers.Invalid(
                $"desired capacity {scaling.Desired} can't be greater than max size {scaling.Maximum}"
            ),
            _ => scaling,
        };
    }

    private static JsonObject Create(RestCall call)
    {
        var cluster = call.ActiveCluster();
        var name = call.Required("nodegroupName");
        var token = call.Text("clientRequestToken");
        if (cluster.Nodegroups.GetValueOrDefault(name) is { } other)
        {
            return token is not null && other.Token == token && other.Status != "DELETING"
                ? Answer(other, call.Now)
                : throw EksAnswers.InUse(
                    $"NodeGroup already exists with name {name} and cluster name {cluster.Name}",
                    ("clusterName", cluster.Name),
                    ("nodegroupName", name)
                );
        }

        var nodegroup = New(call, cluster, name, token);
        cluster.Nodegroups.Add(name, nodegroup);
        Nodes.Start(call, nodegroup);
        return Answer(nodegroup, call.Now);
    }

    private static Nodegroup New(RestCall call, Cluster cluster, string name, string? token)
    {
        var role = call.Required("nodeRole");
        RoleChecks.MustBeAssumedBy(call, role, "ec2.amazonaws.com");
        var version = call.Text("version") ?? cluster.Version;
        if (
            ClusterVersions.Find(version) is not { } known
            || known.Minor > ClusterVersions.Find(cluster.Version)!.Minor
        )
        {
            throw EksAnswers.Invalid($"Requested Nodegroup version {version} is not supported by the cluster");
        }

        var nodegroup = new Nodegroup(cluster, name, call.Now)
        {
            Token = token,
            Version = version,
            ReleaseVersion = call.Text("releaseVersion") ?? known.ReleaseVersion,
            Scaling = Scale(call.Body.Structure("scalingConfig"), new(1, 2, 2)),
            InstanceTypes = Types(call),
            Subnets = Subnets(call, cluster),
            NodeRole = role,
            AmiType = call.Text("amiType") ?? "AL2023_x86_64_STANDARD",
            CapacityType = call.Text("capacityType") ?? "ON_DEMAND",
            DiskSize = call.Body.Number("diskSize") ?? 20,
        }.Tagged(call);
        foreach (var (key, value) in call.Body.Map("labels"))
        {
            nodegroup.Labels[key] = value;
        }

        nodegroup.Taints.AddRange((call.Body["taints"] as JsonArray ?? []).OfType<JsonObject>().Select(Copy));
        nodegroup.UpdateConfig = call.Body.Structure("updateConfig") is { } update
            ? Copy(update)
            : nodegroup.UpdateConfig;
        return nodegroup;
    }

    private static IReadOnlyList<string> Types(RestCall call)
    {
        var types = call.Body.Texts("instanceTypes") is { Count: > 0 } given ? given : ["t3.medium"];
        if (types.Where(static type => !InstanceTypes.All.ContainsKey(type)).ToList() is { Count: > 0 } unknown)
        {
            throw EksAnswers.Invalid(
                $"The following supplied instance types do not exist: [{string.Join(", ", unknown)}]"
            );
        }

        var isArm = (call.Text("amiType") ?? "").Contains("ARM", StringComparison.OrdinalIgnoreCase);
        return types.FirstOrDefault(type => InstanceTypes.All[type].Architecture == "arm64" != isArm) is { } wrong
            ? throw EksAnswers.Invalid(
                $"[{wrong}] is not a valid instance type for requested amiType {call.Text("amiType") ?? "AL2023_x86_64_STANDARD"}"
            )
            : types;
    }

    private static List<Subnet> Subnets(RestCall call, Cluster cluster)
    {
        var subnets = (call.Body.Texts("subnets") ?? [])
            .Select(id => ClusterNetwork.Find(call.Here.Subnets, id, "subnet"))
            .ToList();
        return subnets.Count == 0 ? throw EksAnswers.Invalid("Subnets are not provided")
            : subnets.TrueForAll(subnet => subnet.Vpc == cluster.Vpc) ? subnets
            : throw EksAnswers.Invalid("Subnets must belong to the VPC of the cluster");
    }

    private static JsonObject List(RestCall call) =>
        call.Page("nodegroups", call.Cluster().Nodegroups.Keys.Order(StringComparer.Ordinal), static name => name);

    private static JsonObject Describe(RestCall call)
    {
        var nodegroup = call.Nodegroup();
        Nodes.Recover(call, nodegroup);
        return Answer(nodegroup, call.Now);
    }

    private static JsonObject Delete(RestCall call)
    {
        var nodegroup = call.Nodegroup();
        ClusterUpdates.MustBeIdle(call, nodegroup, $"node group {nodegroup.Name}");
        Nodes.End(call, nodegroup);
        return Answer(nodegroup, call.Now);
    }

    private static JsonObject Copy(JsonObject node) => node.DeepClone().AsObject();

    private static JsonObject Answer(Nodegroup nodegroup, DateTimeOffset now) =>
        new()
        {
            ["nodegroup"] = new JsonObject
            {
                ["nodegroupName"] = nodegroup.Name,
                ["nodegroupArn"] = nodegroup.Arn,
                ["clusterName"] = nodegroup.Cluster.Name,
                ["version"] = nodegroup.Version,
                ["releaseVersion"] = nodegroup.ReleaseVersion,
                ["createdAt"] = EksAnswers.Json(nodegroup.Created),
                ["modifiedAt"] = EksAnswers.Json(nodegroup.Modified),
                ["status"] =
                    nodegroup.Status == "ACTIVE" && nodegroup.Running(now) is not null ? "UPDATING" : nodegroup.Status,
                ["capacityType"] = nodegroup.CapacityType,
                ["scalingConfig"] = new JsonObject
                {
                    ["minSize"] = nodegroup.Scaling.Minimum,
                    ["maxSize"] = nodegroup.Scaling.Maximum,
                    ["desiredSize"] = nodegroup.Scaling.Desired,
                },
                ["instanceTypes"] = EksAnswers.Json(nodegroup.InstanceTypes),
                ["subnets"] = EksAnswers.Json(nodegroup.Subnets.Select(static subnet => subnet.Id)),
                ["amiType"] = nodegroup.AmiType,
                ["nodeRole"] = nodegroup.NodeRole,
                ["labels"] = EksAnswers.Json(nodegroup.Labels),
                ["taints"] = new JsonArray([.. nodegroup.Taints.Select(Copy)]),
                ["resources"] = new JsonObject
                {
                    ["autoScalingGroups"] = new JsonArray(
                        new JsonObject { ["name"] = $"eks-{nodegroup.Name}-{nodegroup.Arn.Split('/')[^1]}" }
                    ),
                },
                ["diskSize"] = nodegroup.DiskSize,
                ["health"] = EksAnswers.Health(nodegroup.Issues),
                ["updateConfig"] = Copy(nodegroup.UpdateConfig),
                ["tags"] = EksAnswers.Json(nodegroup.Tags),
            },
        };
}
