using System.Text.Json.Nodes;
using Threeport.AwsServer.Calls;

namespace Threeport.AwsServer.Eks;

internal static class NodegroupUpdates
{
    public static void AddTo(RestRoutes routes)
    {
        routes.Add(
            "UpdateNodegroupConfig",
            "POST",
            "/clusters/{name}/node-groups/{nodegroupName}/update-config",
            Config
        );
        routes.Add(
            "UpdateNodegroupVersion",
            "POST",
            "/clusters/{name}/node-groups/{nodegroupName}/update-version",
            Version
        );
    }

    private static JsonObject Config(RestCall call)
    {
        var nodegroup = call.Nodegroup();
        if (ClusterUpdates.Repeated(call, nodegroup) is { } before)
        {
            return before;
        }

        MustBeSettled(call, nodegroup);
        var scaling = NodegroupOperations.Scale(call.Body.Structure("scalingConfig"), nodegroup.Scaling);
        var labels = call.Body.Structure("labels") ?? [];
        var taints = call.Body.Structure("taints") ?? [];
        return ClusterUpdates.Begin(
            call,
            nodegroup,
            "ConfigUpdate",
            [
                ("MinSize", $"{scaling.Minimum}"),
                ("MaxSize", $"{scaling.Maximum}"),
                ("DesiredSize", $"{scaling.Desired}"),
            ],
            () =>
            {
                nodegroup.Scaling = scaling;
                ChangeLabels(nodegroup, labels);
                ChangeTaints(nodegroup, taints);
                nodegroup.UpdateConfig =
                    call.Body.Structure("updateConfig")?.DeepClone().AsObject() ?? nodegroup.UpdateConfig;
                Nodes.Fill(call.Cloud, nodegroup);
            }
        );
    }

    private static void ChangeLabels(Nodegroup nodegroup, JsonObject labels)
    {
        foreach (var (key, value) in labels.Map("addOrUpdateLabels"))
        {
            nodegroup.Labels[key] = value;
        }

        foreach (var key in labels.Texts("removeLabels") ?? [])
        {
            nodegroup.Labels.Remove(key);
        }
    }

    private static void ChangeTaints(Nodegroup nodegroup, JsonObject taints)
    {
        static string Key(JsonObject taint) => $"{taint.Text("key")}:{taint.Text("effect")}";
        IReadOnlyList<JsonObject> List(string name) => [.. (taints[name] as JsonArray ?? []).OfType<JsonObject>()];
        var gone = List("removeTaints").Concat(List("addOrUpdateTaints")).Select(Key).ToHashSet();
        nodegroup.Taints.RemoveAll(taint => gone.Contains(Key(taint)));
        nodegroup.Taints.AddRange(List("addOrUpdateTaints").Select(static taint => taint.DeepClone().AsObject()));
    }

    private static JsonObject Version(RestCall call)
    {
        var nodegroup = call.Nodegroup();
        if (ClusterUpdates.Repeated(call, nodegroup) is { } before)
        {
            return before;
        }

        MustBeSettled(call, nodegroup);
        var wanted = call.Text("version") ?? nodegroup.Cluster.Version;
        var minor = ClusterVersions.Find(wanted)?.Minor;
        if (
            minor is null
            || minor > ClusterVersions.Find(nodegroup.Cluster.Version)!.Minor
            || minor < ClusterVersions.Find(nodegroup.Version)!.Minor
        )
        {
            throw EksAnswers.Invalid(
                $"Requested Nodegroup version {wanted} is not supported: the cluster has {nodegroup.Cluster.Version}, the node group {nodegroup.Version}",
                ("clusterName", nodegroup.Cluster.Name),
                ("nodegroupName", nodegroup.Name)
            );
        }

        var release = call.Text("releaseVersion") ?? ClusterVersions.Find(wanted)!.ReleaseVersion;
        return ClusterUpdates.Begin(
            call,
            nodegroup,
            "VersionUpdate",
            [("Version", wanted), ("ReleaseVersion", release)],
            () => (nodegroup.Version, nodegroup.ReleaseVersion) = (wanted, release)
        );
    }

    private static void MustBeSettled(RestCall call, Nodegroup nodegroup)
    {
        ClusterUpdates.MustBeIdle(call, nodegroup, $"node group {nodegroup.Name}");
        if (nodegroup.Status is not ("ACTIVE" or "DEGRADED"))
        {
            throw EksAnswers.InUse(
                $"Nodegroup {nodegroup.Name} cannot be updated while it is {nodegroup.Status}",
                ("clusterName", nodegroup.Cluster.Name),
                ("nodegroupName", nodegroup.Name)
            );
        }
    }
}
