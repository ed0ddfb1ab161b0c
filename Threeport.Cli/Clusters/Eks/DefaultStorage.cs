using System.Text.Json.Nodes;
using Threeport.Installation;
using Threeport.Kubernetes;

namespace Threeport.Cli.Clusters.Eks;

/// <summary>A cluster of EKS comes with a driver for volumes and without a class that says to use it. It goes with the cluster.</summary>
internal sealed class DefaultStorage(ClusterClient cluster, InstallationPlan plan)
{
    private const string IsDefault = "storageclass.kubernetes.io/is-default-class";
    private const string Api = "storage.k8s.io/v1";

    public async Task<string> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        if (plan.StorageClass is { } named)
        {
            return named;
        }

        progress("which storage class is the default");
        var type = await cluster.FindResourceAsync(Api, "StorageClass", cancellationToken);
        var classes = (await cluster.ListAsync(type!, new(), cancellationToken)).Items;
        var standard = classes.FirstOrDefault(static c =>
            c["metadata"]?["annotations"]?[IsDefault]?.GetValue<string>() == "true"
        );
        if (standard is not null)
        {
            return standard["metadata"]!["name"]!.GetValue<string>();
        }

        await cluster.ApplyAsync(General(), cancellationToken);
        return "gp3, made";
    }

    /// <summary>A volume is made where the pod is that it is for, and encrypted with the account's own key.</summary>
    private static JsonObject General() =>
        new()
        {
            ["apiVersion"] = Api,
            ["kind"] = "StorageClass",
            ["metadata"] = new JsonObject
            {
                ["name"] = "gp3",
                ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "threeport" },
                ["annotations"] = new JsonObject { [IsDefault] = "true" },
            },
            ["provisioner"] = "ebs.csi.aws.com",
            ["parameters"] = new JsonObject { ["type"] = "gp3", ["encrypted"] = "true" },
            ["reclaimPolicy"] = "Delete",
            ["volumeBindingMode"] = "WaitForFirstConsumer",
            ["allowVolumeExpansion"] = true,
        };
}
