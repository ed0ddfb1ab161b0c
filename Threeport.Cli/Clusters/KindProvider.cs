using System.Net;
using System.Net.Sockets;
using Threeport.Cli.Commands;
using Threeport.Cli.Files;
using Threeport.Installation;
using Threeport.Kubernetes;

namespace Threeport.Cli.Clusters;

/// <summary>
/// A cluster in Docker for the control plane alone, made with <c>kind</c>: what comes before the steps that any cluster takes, and
/// after those that take a control plane away.
/// </summary>
internal sealed class KindProvider(InstallationRecord record)
{
    public const string Name = "kind";

    private const string Made = "kind cluster";
    private const int FirstNodePort = 30_000;
    private const int LastNodePort = 32_767;

    private static readonly string[] Images = ["host", "agent", "postgres", "nats"];

    private readonly KindCluster _cluster = new($"threeport-{record.Plan.Name}");

    private bool IsMade => record.Done.Contains(Made);

    public IReadOnlyList<Step> Steps =>
        [
            new("kind", CheckAsync),
            new(Made, MakeAsync),
            .. record.Images is null ? [] : new[] { new Step("Archives", LoadAsync) },
        ];

    /// <summary>Loads the archives of another version, where the images came from archives.</summary>
    public Step? Archives => record.Images is null ? null : new("Archives", LoadOthersAsync);

    /// <summary>Takes the cluster away, which is all that was ever in it.</summary>
    public Step Removal => new(Made, RemoveAsync);

    private async Task<string> CheckAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var version = await DoAsync("to run kind", () => _cluster.VersionAsync(cancellationToken));
        CheckArchives();
        if (!IsMade)
        {
            progress($"whether there is a cluster {_cluster.Name}");
            var isThere = await DoAsync("to list kind's clusters", () => _cluster.ExistsAsync(cancellationToken));
            if (isThere && !record.Done.Contains("kind"))
            {
                throw new InstallationException(
                    $"to make the kind cluster {_cluster.Name}",
                    "there is one of that name, and it was not made for this control plane",
                    $"Choose another --name; or install into it with --provider kubernetes --context kind-{_cluster.Name}."
                );
            }

            if (!isThere)
            {
                ChoosePort();
            }
        }

        return $"{version.Split(' ')[^1]}{(record.Plan.Port is { } port ? $", port {port}" : "")}";
    }

    private Task<string> LoadOthersAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        CheckArchives();
        return LoadAsync(progress, cancellationToken);
    }

    private void CheckArchives()
    {
        if (record.Images is null)
        {
            if (record.Plan.Registry == ClusterOptions.DefaultRegistry)
            {
                throw new InstallationException(
                    "to find the images",
                    "the nodes of kind cannot pull them: no registry was named, and no archives",
                    "build/package makes archives: name their folder with --images. Or name a registry with --image-registry."
                );
            }

            return;
        }

        if (Images.Select(Archive).FirstOrDefault(static a => !File.Exists(a)) is { } missing)
        {
            throw new InstallationException(
                $"to find the images in {record.Images}",
                $"there is no {Path.GetFileName(missing)}",
                "build/package makes them; --image-tag chooses others."
            );
        }
    }

    /// <summary>One that is free both here and, the cluster being new, there: kind maps it when it makes the node, and never again.</summary>
    private void ChoosePort()
    {
        if (record.Plan.Expose != InstallationPlan.NodePort)
        {
            return;
        }

        var port =
            record.Plan.Port
            ?? Enumerable
                .Range(FirstNodePort, LastNodePort - FirstNodePort)
                .Cast<int?>()
                .FirstOrDefault(static p => IsFree(p!.Value));
        if (port is not (>= FirstNodePort and <= LastNodePort) || !IsFree(port.Value))
        {
            throw new InstallationException(
                $"to use the port {port}",
                port is null or (>= FirstNodePort and <= LastNodePort)
                    ? "another process of this machine listens on it"
                    : $"a kind cluster has the ports {FirstNodePort} to {LastNodePort}",
                "Choose another with --port, or leave it out for one that is free."
            );
        }

        record.Plan = record.Plan with
        {
            Port = port,
            Endpoint = record.Plan.Endpoint ?? new UriBuilder("https", "127.0.0.1", port.Value).Uri,
        };
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<string> MakeAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var isThere = await DoAsync("to list kind's clusters", () => _cluster.ExistsAsync(cancellationToken));
        // Once it was whole there may be something in it, so that no silence of it is a reason to make it anew.
        if (!(IsMade && isThere))
        {
            record.ClusterId = null;
            progress($"kind create cluster --name {_cluster.Name}");
            await DoAsync($"kind create cluster --name {_cluster.Name}", () => CreateAsync(cancellationToken));
        }

        var kubeconfig = await DoAsync("kind get kubeconfig", () => _cluster.KubeconfigAsync(cancellationToken));
        record.Kubeconfig = InstallationRecord.KubeconfigOf(record.Plan.Name);
        OwnerFile.Write(record.Kubeconfig, kubeconfig);
        (_, record.Context) = await UserKubeconfig.ReadAsync(record.Kubeconfig, context: null, cancellationToken);
        return $"{_cluster.Name}, {record.Kubeconfig}";
    }

    private async Task<bool> CreateAsync(CancellationToken cancellationToken)
    {
        await _cluster.EnsureAsync(Configuration(), cancellationToken);
        return true;
    }

    /// <summary>On a machine where Docker runs in another one, a node is reached by what is mapped alone.</summary>
    private string Configuration() =>
        record.Plan is { Expose: InstallationPlan.NodePort, Port: { } port }
            ? $$"""
                kind: Cluster
                apiVersion: kind.x-k8s.io/v1alpha4
                nodes:
                - role: control-plane
                  extraPortMappings:
                  - {containerPort: {{port}}, hostPort: {{port}}, listenAddress: 127.0.0.1, protocol: TCP}

                """
            : "";

    private async Task<string> LoadAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        foreach (var image in Images)
        {
            var archive = Archive(image);
            progress($"kind load image-archive {archive}");
            await DoAsync(
                $"kind load image-archive {archive}",
                async () =>
                {
                    await _cluster.LoadAsync(archive, cancellationToken);
                    return true;
                }
            );
        }

        return $"{Images.Length} from {record.Images}";
    }

    private string Archive(string image) => Path.Combine(record.Images!, $"{image}-{record.Plan.Tag}.tar");

    private async Task<string> RemoveAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress($"kind delete cluster --name {_cluster.Name}");
        await DoAsync(
            $"kind delete cluster --name {_cluster.Name}",
            async () =>
            {
                await _cluster.DeleteAsync(cancellationToken);
                return true;
            }
        );
        return $"{_cluster.Name} and all that was in it";
    }

    private static async Task<T> DoAsync<T>(string tried, Func<Task<T>> what)
    {
        try
        {
            return await what();
        }
        catch (KindException e)
        {
            throw new InstallationException(
                tried,
                e.Message,
                e.Reason == KindException.CommandFailed
                    ? "Look at what kind says of it by itself, then run the same command again."
                    : "Then run the same command again; or install into a cluster that you have with --provider kubernetes."
            );
        }
    }
}
