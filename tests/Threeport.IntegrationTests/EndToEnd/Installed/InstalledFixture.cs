using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>
/// What is put into a cluster with real pods, and taken out: <c>build/test --installed</c> makes the cluster and the images ready. Each
/// test leaves the cluster as it was, object by object.
/// </summary>
[Category("Installed")]
[NonParallelizable]
public abstract class InstalledFixture
{
    private IReadOnlyList<string> _before = [];

    internal Qleetctl Qleetctl { get; private set; } = null!;

    [SetUp]
    public async Task Look_at_the_cluster_before()
    {
        Assert.That(Installed.Qleetctl.Kubeconfig, Is.Not.Empty, "KUBECONFIG names the cluster");
        Assert.That(Machine.KubernetesBinaries, Is.Not.Null, "KUBEBUILDER_ASSETS names the folder of kubectl");
        _before = await ClusterListing.OfAsync(Installed.Qleetctl.Kubeconfig);
        Qleetctl = Make();
    }

    [TearDown]
    public async Task Nothing_is_left_in_the_cluster()
    {
        await Qleetctl.DisposeAsync();
        await AssertAsBeforeAsync();
    }

    internal virtual Qleetctl Make() => new();

    protected async Task AssertAsBeforeAsync()
    {
        var now = await ClusterListing.OfAsync(Installed.Qleetctl.Kubeconfig);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(now.Except(_before), Is.Empty, "is left");
            Assert.That(_before.Except(now), Is.Empty, "was there before");
        }
    }

    /// <summary>A definition and an instance of the sample that needs no registry, until its pods are healthy.</summary>
    internal async Task DeploySampleAsync(string controlPlane)
    {
        var sample = Path.Combine(Root(), "Threeport.Cli", "samples", "hello", "hello.yaml");
        var output = await Qleetctl.RunAsync(
            "--control-plane",
            controlPlane,
            "apply",
            "--filename",
            sample,
            "--wait",
            "--timeout",
            "120s"
        );
        Assert.That(output, Does.Contain("hello"));
        var instance = await Qleetctl.GetAsync(controlPlane, "workload-instance", "hello");
        Assert.That(WholeControlPlane.Reason(instance), Is.EqualTo("Healthy"), instance.ToJsonString());
    }

    internal async Task RemoveSampleAsync(string controlPlane)
    {
        await Qleetctl.RunAsync(
            "--control-plane",
            controlPlane,
            "delete",
            "workload-instance",
            "hello",
            "--yes",
            "--wait"
        );
        await Qleetctl.RunAsync("--control-plane", controlPlane, "delete", "workload-definition", "hello", "--yes");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Threeport.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
