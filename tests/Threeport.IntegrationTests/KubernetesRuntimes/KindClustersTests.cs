using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.KubernetesRuntimes;

/// <summary>What is done with the command <c>kind</c>: a script stands in its place that keeps its clusters as files.</summary>
[NonParallelizable]
public sealed class KindClustersTests
{
    private const string Script = """
        #!/bin/sh
        here=$(dirname "$0")
        echo "$*" >> "$here/calls"
        [ -z "$SECRET_OF_THE_HOST" ] || { echo "ERROR: sees the environment of the host" >&2; exit 1; }
        [ ! -e "$here/broken" ] || { cat "$here/broken" >&2; exit 1; }
        case "$1 $2" in
        "get clusters") ls "$here/clusters" ;;
        "get kubeconfig") cat "$here/clusters/$4" ;;
        "create cluster") cp "$here/kubeconfig" "$here/clusters/$4" ;;
        "delete cluster") rm -f "$here/clusters/$4" ;;
        esac
        """;

    private string _folder = null!;
    private string? _path;
    private string _kubeconfig = null!;

    [SetUp]
    public async Task PutScriptAsync()
    {
        _kubeconfig = (await Servers.KubernetesAsync()).Kubeconfig;
        _folder = Directory.CreateTempSubdirectory("threeport-test-").FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "clusters"));
        await WriteAsync("kubeconfig", _kubeconfig);
        await MakeNodeAsync();
        await WriteAsync("kind", Script);
        File.SetUnixFileMode(
            Path.Combine(_folder, "kind"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        _path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", $"{_folder}:/usr/bin:/bin");
        Environment.SetEnvironmentVariable("SECRET_OF_THE_HOST", "x");
    }

    [TearDown]
    public void Restore()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        Environment.SetEnvironmentVariable("SECRET_OF_THE_HOST", null);
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_cluster_is_made_once_and_its_kubeconfig_kept()
    {
        var (first, runtime) = await CreateAsync();
        var (second, _) = await CreateAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((first, second), Is.EqualTo(((Result?)null, (Result?)null)));
            Assert.That(runtime.Status.Kubeconfig, Is.EqualTo(_kubeconfig));
            Assert.That(
                Calls("create"),
                Has.Count.EqualTo(1).And.All.StartWith("create cluster --name threeport-made ")
            );
        }
    }

    [Test]
    public async Task A_cluster_that_was_half_made_is_made_anew()
    {
        await WriteAsync("clusters/threeport-made", "not a kubeconfig");
        var (result, runtime) = await CreateAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.Null);
            Assert.That(runtime.Status.Kubeconfig, Is.EqualTo(_kubeconfig));
            Assert.That(Calls("delete"), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task A_cluster_is_deleted_and_one_that_is_gone_stays_gone()
    {
        var (_, runtime) = await CreateAsync();
        Assert.That(await KindClusters.DeleteAsync(runtime, CancellationToken.None), Is.Null);
        Assert.That(await KindClusters.DeleteAsync(runtime, CancellationToken.None), Is.Null);
        Assert.That(Calls("delete"), Has.Count.EqualTo(1));
    }

    [TestCase(
        "ERROR: failed to list clusters: command \"docker ps\" failed: Cannot connect to the Docker daemon at unix:///var/run/docker.sock",
        "DockerMissing"
    )]
    [TestCase("ERROR: failed to list clusters: exec: \"docker\": executable file not found in $PATH", "DockerMissing")]
    [TestCase("ERROR: something else", "KindFailed")]
    public async Task Why_it_failed_is_told(string error, string reason)
    {
        await WriteAsync("broken", error);
        var (result, _) = await CreateAsync();
        Assert.That(result!.Reason, Is.EqualTo(reason));
        Assert.That(result.RequeueAfter, Is.Not.Null);
    }

    [Test]
    public async Task A_missing_command_is_named()
    {
        File.Delete(Path.Combine(_folder, "kind"));
        Environment.SetEnvironmentVariable("PATH", _folder);
        var (result, _) = await CreateAsync();
        Assert.That(result!.Reason, Is.EqualTo("KindMissing"));
    }

    private static async Task<(Result? Result, KubernetesRuntimeInstance Runtime)> CreateAsync()
    {
        var runtime = new KubernetesRuntimeInstance { Name = "made" };
        var pass = new Pass<KubernetesRuntimeInstance>(runtime, 1, static (_, _) => Task.CompletedTask);
        return (await KindClusters.CreateAsync(pass, CancellationToken.None), runtime);
    }

    /// <summary>What kind waits for last; a cluster without a node that is ready is half made.</summary>
    private async Task MakeNodeAsync()
    {
        using var cluster = new ClusterClient(Kubeconfig.Parse(_kubeconfig));
        var node = """
            {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "made"},
             "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
            """;
        await cluster.CreateAsync((JsonObject)JsonNode.Parse(node)!, CancellationToken.None);
    }

    private List<string> Calls(string verb) =>
        [.. File.ReadLines(Path.Combine(_folder, "calls")).Where(l => l.StartsWith(verb, StringComparison.Ordinal))];

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text);
}
