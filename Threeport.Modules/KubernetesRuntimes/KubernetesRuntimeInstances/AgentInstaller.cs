using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Threeport.Certificates;
using Threeport.Kubernetes;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

/// <summary>
/// Puts the agent into a cluster, and takes it out. What is installed is applied again when it, or what it is made from,
/// changed, or when the agent is silent.
/// </summary>
internal sealed class AgentInstaller(
    IAgentCredentials credentials,
    AgentInstallation options,
    AgentScope scope,
    TimeProvider time
)
{
    private const string IssuedAt = "threeport.io/issued-at";
    private const string ExpiresAt = "threeport.io/expires-at";
    private static readonly TimeSpan WhileInstalling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    private static readonly TimeSpan MistrustAfter = TimeSpan.FromMinutes(5);

    private static readonly string[] Probed = ["ports", "startupProbe", "livenessProbe", "readinessProbe"];

    private readonly AgentManifests _manifests = new(scope);
    private readonly ObjectReference _secret = new("v1", "Secret", scope.Namespace, AgentManifests.Name);

    /// <returns>Null when the cluster has all that it needs.</returns>
    public async Task<Result?> InstallAsync(
        KubernetesRuntimeInstance runtime,
        ClusterClient cluster,
        CancellationToken cancellationToken
    )
    {
        if (runtime.Spec.Agent == Agents.None)
        {
            return await LeaveAsync(runtime, cluster, cancellationToken);
        }

        var deployment = await DeploymentAsync(runtime, cancellationToken);
        var revision = Revision(deployment);
        if (runtime.Status.AgentRevision != revision || runtime.Status.Agent != Agents.Connected)
        {
            await ApplyAsync(_manifests.Orders, cluster, cancellationToken);
            if (await cluster.FindResourceAsync("threeport.io/v1", "ThreeportWorkload", cancellationToken) is null)
            {
                return Result.Waiting(
                    "Installing",
                    "The cluster does not serve ThreeportWorkload yet.",
                    WhileInstalling
                );
            }

            if (deployment is not null)
            {
                await ApplyAsync(_manifests.Rights, cluster, cancellationToken);
                await IssueAsync(runtime, cluster, cancellationToken);
                await cluster.ApplyAsync(deployment, cancellationToken);
            }
            else if (runtime.Spec.Agent == Agents.External)
            {
                await DeleteAsync(cluster, _manifests.Deployment.Reference, cancellationToken);
                await DeleteAsync(cluster, _secret, cancellationToken);
            }

            runtime.Status.AgentRevision = revision;
        }

        return null;
    }

    /// <summary>The cluster is somebody else's to look after: what was installed before goes, once.</summary>
    private async Task<Result?> LeaveAsync(
        KubernetesRuntimeInstance runtime,
        ClusterClient cluster,
        CancellationToken cancellationToken
    )
    {
        if (runtime.Status.AgentRevision is null)
        {
            return null;
        }

        if (await RemoveAsync(cluster, cancellationToken) is { } going)
        {
            return going;
        }

        runtime.Status.AgentRevision = null;
        return null;
    }

    /// <returns>Null when everything is gone.</returns>
    public async Task<Result?> RemoveAsync(ClusterClient cluster, CancellationToken cancellationToken)
    {
        ObjectReference? going = null;
        foreach (var reference in await scope.FindAsync(cluster, cancellationToken))
        {
            var outcome = await DeleteAsync(cluster, reference, cancellationToken);
            going = outcome is DeleteOutcome.Terminating ? reference : going;
        }

        return going is null ? null : Result.Waiting("Deleting", $"Waiting for {going} to go.", WhileInstalling);
    }

    private static Task<DeleteOutcome> DeleteAsync(
        ClusterClient cluster,
        ObjectReference reference,
        CancellationToken cancellationToken
    ) => cluster.DeleteAsync(reference, Propagation.Background, uid: null, cancellationToken);

    private static async Task ApplyAsync(
        IReadOnlyList<Manifest> manifests,
        ClusterClient cluster,
        CancellationToken cancellationToken
    )
    {
        foreach (var manifest in manifests)
        {
            await cluster.ApplyAsync(manifest.Content, cancellationToken);
        }
    }

    /// <returns>Null when nothing is to run in the cluster, or it is not known what.</returns>
    private async Task<JsonObject?> DeploymentAsync(
        KubernetesRuntimeInstance runtime,
        CancellationToken cancellationToken
    )
    {
        var image = runtime.Spec.ThreeportAgentImage ?? options.Image;
        var endpoint = runtime.Spec.AgentEndpoint ?? options.Endpoint;
        if (runtime.Spec.Agent != Agents.InCluster || image is null || endpoint is null)
        {
            return null;
        }

        var deployment = (JsonObject)_manifests.Deployment.Content.DeepClone();
        var template = deployment["spec"]!["template"]!;
        template["metadata"]!["annotations"] = new JsonObject
        {
            ["threeport.io/ca"] = Hash(await CaAsync(cancellationToken)),
        };
        var pod = template["spec"]!;
        pod["hostNetwork"] = runtime.Spec.AgentHostNetwork;
        var container = pod["containers"]![0]!.AsObject();
        container["image"] = image;
        var arguments = container["args"]!.AsArray();
        if (runtime.Spec.AgentHostNetwork)
        {
            // The ports of a node are not ours to take, nor is what listens there for everybody to see.
            Array.ForEach(Probed, name => container.Remove(name));
        }
        else
        {
            arguments.Add("--listen");
            arguments.Add("8081");
        }

        arguments.Add("--api");
        arguments.Add(endpoint);
        arguments.Add("--runtime");
        arguments.Add(runtime.Name);
        return deployment;
    }

    /// <summary>
    /// A certificate is issued when there is none, well before it expires, and when the agent has been silent for a while with the one it
    /// has: the control plane may have another CA since.
    /// </summary>
    private async Task IssueAsync(
        KubernetesRuntimeInstance runtime,
        ClusterClient cluster,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var there = await cluster.FindAsync(_secret, cancellationToken, metadataOnly: true);
        var isTrusted = runtime.Status.Agent == Agents.Connected || Time(there, IssuedAt) > now - MistrustAfter;
        if (isTrusted && Time(there, ExpiresAt) > now + RenewBefore)
        {
            return;
        }

        var (request, key) = SigningRequest.Make();
        var credential = await credentials.IssueAsync(runtime.Name, request, cancellationToken);
        await cluster.ApplyAsync(
            new JsonObject
            {
                ["apiVersion"] = _secret.ApiVersion,
                ["kind"] = _secret.Kind,
                ["metadata"] = new JsonObject
                {
                    ["name"] = _secret.Name,
                    ["namespace"] = _secret.Namespace,
                    ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "threeport" },
                    ["annotations"] = new JsonObject
                    {
                        [IssuedAt] = now.ToString("O"),
                        [ExpiresAt] = credential.ExpiresAt.ToString("O"),
                    },
                },
                ["stringData"] = new JsonObject
                {
                    ["tls.crt"] = credential.Certificate,
                    ["tls.key"] = key,
                    ["ca.crt"] = await CaAsync(cancellationToken),
                },
            },
            cancellationToken
        );
    }

    private static DateTimeOffset? Time(JsonObject? content, string annotation) =>
        content?["metadata"]?["annotations"]?[annotation]?.GetValue<string>() is { } text
        && DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var time)
            ? time
            : null;

    private async Task<string> CaAsync(CancellationToken cancellationToken) =>
        options.CaFile is null ? "" : await File.ReadAllTextAsync(options.CaFile, cancellationToken);

    private string Revision(JsonObject? deployment) =>
        Hash(
            string.Concat(
                _manifests
                    .Orders.Concat(_manifests.Rights)
                    .Select(static m => m.Content.ToJsonString())
                    .Append(deployment?.ToJsonString() ?? "")
            )
        );

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
