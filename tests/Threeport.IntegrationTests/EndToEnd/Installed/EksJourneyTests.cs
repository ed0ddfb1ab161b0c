using Threeport.AwsServer;
using Threeport.IntegrationTests.Aws;
using Threeport.IntegrationTests.Aws.Genesis;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>
/// <c>--provider eks</c>, with an imitation of AWS whose clusters are the one of this machine: its pods are roles by the tokens that it gives them,
/// and what is made at AWS is looked at there.
/// </summary>
public sealed class EksJourneyTests : InstalledFixture
{
    private const string Name = "cloud";
    private const int Parts = 22;

    private static readonly string[] Kept =
    [
        "cloud.genesis.backup",
        "cloud.genesis.passphrase",
        "cloud.json",
        "cloud.kubeconfig",
    ];

    private static readonly string[] Up =
    [
        "AWS",
        "Temporary one",
        "Cluster",
        "Storage",
        "Preflight",
        "Identities",
        "Network",
        "Images",
        "PostgreSQL and NATS",
        "Database schema",
        "API",
        "Controllers",
        "Configuration",
        "Hand over",
        "Runtime",
        "Control plane",
        "Temporary one gone",
    ];

    private static readonly string[] Down =
    [
        "AWS",
        "Inventory",
        "Servers",
        "Control plane",
        "Agent",
        "Volumes",
        "Cluster",
        "Temporary one gone",
    ];

    private AwsEndpoint _aws = null!;
    private StandInBalancers _balancers = null!;

    private string Genesis => Path.Combine(Qleetctl.Installations, $"{Name}.genesis");

    [OneTimeSetUp]
    public async Task Start_AWS()
    {
        var kubeconfig = Installed.Qleetctl.Kubeconfig;
        var backend = GenesisWorld.Backend(await File.ReadAllTextAsync(kubeconfig));
        backend = backend with { Issuer = await ClusterIssuer.FindAsync(backend, CancellationToken.None) };
        // Where the API server listens, pods reach what else listens there.
        var host = backend.Server.Host;
        _aws = await AwsEndpoint.StartAsync(
            new() { Listen = new($"http://{host}:{Machine.FreePort()}"), Clusters = _ => backend }
        );
        _balancers = new(kubeconfig, _aws, new(AwsAccountClients.Account, GenesisWorld.Region, Name), host);
    }

    [OneTimeTearDown]
    public async Task Stop_AWS()
    {
        await _balancers.DisposeAsync();
        await _aws.DisposeAsync();
    }

    internal override Qleetctl Make() =>
        new(environment: GenesisWorld.EnvironmentOf(_aws.Address.ToString().TrimEnd('/')));

    [Test]
    public async Task Up_ends_with_a_control_plane_at_AWS_that_looks_after_its_own_cluster_and_down_leaves_nothing()
    {
        var up = await Qleetctl.RunAsync(GenesisWorld.Up(Name));
        Assert.That(up, Does.Contain("agent connected").And.Contain("4/4 ready"));
        await AssertAtWorkAsync();
        AssertOnMachine();
        Assert.That(
            (string?)
                _balancers.Seen[^1]["metadata"]!["annotations"]!["service.beta.kubernetes.io/aws-load-balancer-type"],
            Is.EqualTo("nlb")
        );

        // Again changes nothing.
        await Qleetctl.RunAsync("up", "--name", Name);
        AssertOnMachine();
        await DeploySampleAsync(Name);
        await LockedDown.AssertAsync(Installed.Qleetctl.Kubeconfig, $"threeport-{Name}");
        var (exit, refusal) = await Qleetctl.TryAsync("down", "--name", Name, "--yes");
        Assert.That(exit, Is.EqualTo(1), refusal);
        Assert.That(refusal, Does.Contain("workload-instance/hello would be left without a control plane"));

        await RemoveSampleAsync(Name);
        var down = await Qleetctl.RunAsync("down", "--name", Name, "--yes");
        Assert.That(down, Does.Contain("from the control plane in the cluster"));
        AssertNothingIsLeft();
    }

    [Test]
    public async Task Down_works_when_the_API_is_dead()
    {
        await Qleetctl.RunAsync(GenesisWorld.Up(Name));
        var kubeconfig = Installed.Qleetctl.Kubeconfig;
        string[] inNamespace = ["--namespace", $"threeport-{Name}"];
        await ClusterListing.KubectlAsync(kubeconfig, [.. inNamespace, "scale", "deployment", "api", "--replicas=0"]);
        await ClusterListing.KubectlAsync(
            kubeconfig,
            [.. inNamespace, "wait", "pod", "--selector=app.kubernetes.io/name=api", "--for=delete", "--timeout=90s"]
        );
        var down = await Qleetctl.RunAsync("down", "--name", Name, "--yes");
        Assert.That(down, Does.Contain("from what was kept when it was made"));
        AssertNothingIsLeft();
    }

    [Test]
    public async Task Up_and_down_that_are_killed_at_each_step_and_run_again_end_as_if_they_had_not_been()
    {
        var up = GenesisWorld.Up(Name);
        await KilledCommand.AtEachAsync(Qleetctl, Up, up);
        await Qleetctl.RunAsync(up);
        await AssertAtWorkAsync();
        AssertOnMachine();
        Assert.That(
            _aws.Control.Resources.CountBy(static r => r.Type).Where(static c => c.Key is "ec2:vpc" or "eks:cluster"),
            Is.All.Property("Value").EqualTo(1)
        );

        string[] down = ["down", "--name", Name, "--yes"];
        await KilledCommand.AtEachAsync(Qleetctl, Down, down);
        if (File.Exists(Path.Combine(Qleetctl.Installations, $"{Name}.json")))
        {
            await Qleetctl.RunAsync(down);
        }

        AssertNothingIsLeft();
    }

    /// <summary>The inventory is where it is looked after now, by controllers that are a role of their own.</summary>
    private async Task AssertAtWorkAsync()
    {
        var runtimes = await Qleetctl.RunAsync("--control-plane", Name, "get", "kubernetes-runtime-instances");
        Assert.That(runtimes, Does.Contain(Name));
        await Eventually.TrueAsync(
            "the cluster is looked after by the role",
            async () =>
            {
                var eks = await Qleetctl.GetAsync(Name, "aws-eks-kubernetes-runtime-instance", Name);
                var account = await Qleetctl.GetAsync(Name, "aws-account", Name);
                return WholeControlPlane.Reason(eks) == "Ready"
                    && eks["status"]!["inventory"]!.AsArray().Count == Parts
                    && ((string?)account["status"]!["principal"])?.Contains(":assumed-role/cloud-threeport-cloud-")
                        is true;
            },
            TimeSpan.FromMinutes(2)
        );
    }

    private void AssertOnMachine()
    {
        var files = Directory
            .EnumerateFileSystemEntries(Qleetctl.Installations)
            .Where(static f => !f.EndsWith(".lock", StringComparison.Ordinal))
            .ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(files.Select(Path.GetFileName), Is.EquivalentTo(Kept));
            Assert.That(
                files.Append(Qleetctl.ConfigPath).Select(File.GetUnixFileMode),
                Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite)
            );
            Assert.That(GenesisWorld.ProcessesOf(Genesis), Is.Empty);
        }
    }

    private void AssertNothingIsLeft()
    {
        Assert.That(_aws.Control.Resources, Is.Empty);
        Assert.That(
            Directory
                .EnumerateFileSystemEntries(Qleetctl.Installations)
                .Where(static f => !f.EndsWith(".lock", StringComparison.Ordinal)),
            Is.Empty
        );
        Assert.That(GenesisWorld.ProcessesOf(Genesis), Is.Empty);
    }
}
