using System.Text.Json.Nodes;

namespace Threeport.Kubernetes;

/// <summary>
/// A cluster in Docker, made with the command <c>kind</c>. Each call finds out first what is there, so that any of them may be
/// repeated after a process that died at it. Every failure is a <see cref="KindException"/>.
/// </summary>
/// <param name="name">What kind calls it.</param>
/// <param name="environment">The variables that the command may know of this process; all of them when null.</param>
public sealed class KindCluster(string name, IReadOnlyCollection<string>? environment = null)
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(30);

    /// <summary>Shorter than a pass may take, so that it is this that ends it.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(4);

    private static readonly string[] FromInput = ["--config", "-"];

    private readonly KindCommand _kind = new(environment);

    /// <summary>What kind calls it.</summary>
    public string Name { get; } = name;

    /// <returns>The command's version, as it says it: <c>kind v0.29.0 go1.24.2 linux/amd64</c>.</returns>
    public async Task<string> VersionAsync(CancellationToken cancellationToken) =>
        (await _kind.RunAsync(Quick, "", cancellationToken, "version")).Trim();

    /// <returns>Whether there is one of that name, in whatever state.</returns>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        var clusters = await _kind.RunAsync(Quick, "", cancellationToken, "get", "clusters");
        return clusters.Split('\n', StringSplitOptions.TrimEntries).Contains(Name, StringComparer.Ordinal);
    }

    /// <summary>
    /// Makes it, unless it is there and whole. One that a process died of while it made it is made anew: nothing can run there yet.
    /// </summary>
    /// <param name="configuration">What kind is told about it, in its own form; empty for a cluster as kind makes it by itself.</param>
    /// <param name="cancellationToken">Ends the command, too.</param>
    public async Task EnsureAsync(string configuration, CancellationToken cancellationToken)
    {
        await KindProcesses.EndThoseAtAsync(Name, cancellationToken);
        if (await ExistsAsync(cancellationToken))
        {
            if (await IsWholeAsync(cancellationToken))
            {
                return;
            }

            await DeleteAsync(cancellationToken);
        }

        // Into a file that nobody reads: the user's own kubeconfig is not ours to change.
        var folder = Directory.CreateTempSubdirectory("threeport-kind-");
        try
        {
            await _kind.RunAsync(
                Long,
                configuration,
                cancellationToken,
                [
                    "create",
                    "cluster",
                    "--name",
                    Name,
                    "--wait",
                    "120s",
                    "--kubeconfig",
                    Path.Combine(folder.FullName, "kubeconfig"),
                    .. configuration.Length > 0 ? FromInput : [],
                ]
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Takes it away; nothing to do when it is gone.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        await KindProcesses.EndThoseAtAsync(Name, cancellationToken);
        if (await ExistsAsync(cancellationToken))
        {
            var folder = Directory.CreateTempSubdirectory("threeport-kind-");
            try
            {
                await _kind.RunAsync(
                    Long,
                    "",
                    cancellationToken,
                    "delete",
                    "cluster",
                    "--name",
                    Name,
                    "--kubeconfig",
                    Path.Combine(folder.FullName, "kubeconfig")
                );
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    /// <returns>How to reach it from this machine.</returns>
    public Task<string> KubeconfigAsync(CancellationToken cancellationToken) =>
        _kind.RunAsync(Quick, "", cancellationToken, "get", "kubeconfig", "--name", Name);

    /// <summary>Puts the images of an archive (an OCI layout, or what <c>docker save</c> writes) on its nodes.</summary>
    public Task LoadAsync(string archive, CancellationToken cancellationToken) =>
        _kind.RunAsync(Long, "", cancellationToken, "load", "image-archive", archive, "--name", Name);

    /// <summary>The last that kind does is to wait for the nodes: it is done when they are ready.</summary>
    private async Task<bool> IsWholeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = Kubeconfig.Parse(await KubeconfigAsync(cancellationToken));
            using var cluster = new ClusterClient(connection, TimeSpan.FromSeconds(10));
            var type = await cluster.FindResourceAsync("v1", "Node", cancellationToken);
            var nodes = (await cluster.ListAsync(type!, new(), cancellationToken)).Items;
            return nodes.Count > 0 && nodes.All(IsReady);
        }
        catch (Exception exception) when (exception is KindException or KubeconfigException or KubernetesException)
        {
            return false;
        }
    }

    private static bool IsReady(JsonObject node) =>
        (node["status"]?["conditions"] as JsonArray ?? []).Any(static c =>
            c?["type"]?.GetValue<string>() == "Ready" && c["status"]?.GetValue<string>() == "True"
        );
}
