using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>What would stop the installation halfway is found before anything is made.</summary>
public sealed partial class Installer
{
    internal async Task<string> PreflightAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress($"to reach {cluster.Server}");
        var text = await VersionAsync(cancellationToken);
        if (Version.TryParse(text.TrimStart('v').Split('-', '+')[0], out var version) && version < Oldest)
        {
            throw new InstallationException(
                "to read the cluster's version",
                $"it is {text}",
                $"Kubernetes {Oldest} or later is needed."
            );
        }

        await MayAsync(cancellationToken);
        await NamespaceIsOursAsync(cancellationToken);
        await PortIsFreeAsync(cancellationToken);
        var storage = plan is { HasOwnDatabase: true, HasOwnBroker: true } ? "" : await StorageAsync(cancellationToken);
        var nodes = await cluster.FindResourceAsync("v1", "Node", cancellationToken);
        var count = await cluster.CountAsync(nodes!, cancellationToken);
        return $"Kubernetes {text}, {count} {(count == 1 ? "node" : "nodes")}{storage}";
    }

    private async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.VersionAsync(cancellationToken);
        }
        catch (KubernetesException exception)
        {
            throw new InstallationException(
                $"to reach {cluster.Server}",
                exception.Message,
                "Look whether `kubectl version` works with the same --kubeconfig and --context."
            );
        }
    }

    /// <summary>The control plane is given all rights in the cluster, and nobody can give what he has not.</summary>
    private async Task MayAsync(CancellationToken cancellationToken)
    {
        var review = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject
            {
                ["resourceAttributes"] = new JsonObject
                {
                    ["verb"] = "*",
                    ["group"] = "*",
                    ["resource"] = "*",
                },
            },
        };
        var answer = await cluster.AskAsync(review, cancellationToken);
        if (answer["status"]?["allowed"]?.GetValue<bool>() is not true)
        {
            throw new InstallationException(
                "whether you may do anything in the cluster",
                "you may not",
                "Use a context whose user is bound to the role cluster-admin: the control plane is given these rights, to deploy whatever workloads are made of."
            );
        }
    }

    private async Task NamespaceIsOursAsync(CancellationToken cancellationToken)
    {
        var found = await cluster.FindAsync(new("v1", "Namespace", null, plan.Namespace), cancellationToken);
        if (found is null)
        {
            return;
        }

        if (found["metadata"]?["deletionTimestamp"] is not null)
        {
            throw new InstallationException(
                $"to use the namespace {plan.Namespace}",
                "it is being deleted",
                "Wait until it is gone, and run the same command again."
            );
        }

        if (found["metadata"]?["labels"]?["threeport.io/control-plane"]?.GetValue<string>() != plan.Name)
        {
            throw new InstallationException(
                $"to use the namespace {plan.Namespace}",
                "it is there, and not a control plane's",
                "Choose another --name."
            );
        }
    }

    /// <summary>Asked of the cluster, which alone knows its range and what others have: by a Service that it does not store.</summary>
    private async Task PortIsFreeAsync(CancellationToken cancellationToken)
    {
        if (plan is not { Expose: InstallationPlan.NodePort, Port: { } wanted })
        {
            return;
        }

        var own = await cluster.FindAsync(new("v1", "Service", plan.Namespace, "api"), cancellationToken);
        if (own?["spec"]?["ports"]?[0]?["nodePort"]?.GetValue<int>() == wanted)
        {
            return;
        }

        var values = Values();
        (values["namespace"], values["serviceType"]) = ("default", "NodePort");
        var service = Templates.Read("api-service", values).Single();
        service["metadata"]!["name"] = $"{plan.Namespace}-port";
        service["spec"]!["ports"]![0]!["nodePort"] = wanted;
        await ApplyServiceAsync(service, dryRun: true, cancellationToken);
    }

    private async Task<string> StorageAsync(CancellationToken cancellationToken)
    {
        var type = await cluster.FindResourceAsync("storage.k8s.io/v1", "StorageClass", cancellationToken);
        var classes = (await cluster.ListAsync(type!, new(), cancellationToken)).Items;
        var names = classes.Select(static c => c["metadata"]!["name"]!.GetValue<string>()).ToList();
        var standard = classes.FirstOrDefault(static c =>
            c["metadata"]?["annotations"]?["storageclass.kubernetes.io/is-default-class"]?.GetValue<string>() == "true"
        );
        var chosen = plan.StorageClass ?? standard?["metadata"]!["name"]!.GetValue<string>();
        if (chosen is not null && names.Contains(chosen, StringComparer.Ordinal))
        {
            return $", storage class {chosen}";
        }

        throw new InstallationException(
            chosen is null ? "to find a default storage class" : $"to find the storage class {chosen}",
            names.Count == 0 ? "the cluster has none" : $"the cluster has {string.Join(", ", names)}",
            "Name one with --storage-class, or bring your own servers with --database and --nats."
        );
    }
}
