using Threeport.IntegrationTests.EndToEnd.Installed;

namespace Threeport.IntegrationTests.Aws.Genesis;

/// <summary>
/// <c>up --provider eks</c> as far as it goes without nodes, killed at each step; and <c>down</c> from there, killed at each of its own.
/// </summary>
public sealed class GenesisTests
{
    private static readonly string[] Up =
    [
        "AWS",
        "Temporary one",
        "Cluster",
        "Storage",
        "Preflight",
        "Identities",
        "Network",
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

    /// <summary>What there is one of, however often something died.</summary>
    private static readonly string[] Single = ["ec2:vpc", "ec2:natgateway", "eks:cluster", "eks:nodegroup"];

    private GenesisWorld _world = null!;
    private string[] _up = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _world = await GenesisWorld.StartAsync();
        // There is no load balancer here, and nobody asks the API.
        _up = GenesisWorld.Up("early", "--expose", "clusterip");
    }

    [TearDown]
    public async Task StopAsync() => await _world.DisposeAsync();

    [Test]
    public async Task Killed_at_each_step_it_makes_one_cluster_and_the_way_back_leaves_nothing()
    {
        await KilledCommand.AtEachAsync(_world.Qleetctl, Up, _up);
        var made = _world.AtAws;
        var twice = made.Where(static r => Single.Contains(r.Type)).CountBy(static r => r.Type).ToDictionary();
        Assert.That(twice.Keys, Is.EquivalentTo(Single));
        Assert.That(twice.Values, Is.All.EqualTo(1));
        Assert.That(
            made.Where(static r => r.Tags.ContainsKey("threeport.io/owner"))
                .Select(static r => r.Tags["threeport.io/control-plane"])
                .Distinct(),
            Is.EqualTo(new[] { "early" }),
            "what it makes is tagged as the control plane's that it makes it for"
        );
        Assert.That(made.Select(static r => r.Name), Has.Some.StartsWith("early-threeport-early-"), "the role");
        await AssertInstalledAsync();

        string[] down = ["down", "--name", "early", "--yes"];
        await KilledCommand.AtEachAsync(_world.Qleetctl, Down, down);
        await AgainAsync(down);
        await AssertNothingIsLeftAsync();
    }

    [Test]
    public async Task Ctrl_C_while_the_cluster_is_made_stops_it_and_says_how_to_go_on()
    {
        await using (var up = _world.Qleetctl.Start(_up))
        {
            await KilledCommand.UntilDoneAsync(up, "Temporary one");
            up.Signal(2);
            await up.WaitForExitAsync(TimeSpan.FromSeconds(60));
            Assert.That(up.ExitCode, Is.EqualTo(130), up.Output);
            Assert.That(
                up.Output,
                Does.Contain("`qleetctl up --name early` goes on, `qleetctl down --name early` removes")
            );
        }

        Assert.That(GenesisWorld.ProcessesOf(Path.Combine(_world.Qleetctl.Installations, "early.genesis")), Is.Empty);
        await _world.Qleetctl.RunAsync("down", "--name", "early", "--yes");
        await AssertNothingIsLeftAsync();
    }

    [Test]
    public async Task Another_account_or_region_is_not_taken_for_the_same()
    {
        await using (var up = _world.Qleetctl.Start(_up))
        {
            await KilledCommand.UntilDoneAsync(up, "Temporary one");
            await up.KillAsync();
        }

        var (exit, output) = await _world.Qleetctl.TryAsync([
            "up",
            "--name",
            "early",
            "--provider",
            "eks",
            "--aws-region",
            "eu-west-1",
        ]);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(output, Does.Contain("\"early\" is in eu-central-1"));
        await _world.Qleetctl.RunAsync("down", "--name", "early", "--yes");
        await AssertNothingIsLeftAsync();
    }

    /// <summary>Once more, unless there is nothing left to do.</summary>
    private async Task AgainAsync(IReadOnlyList<string> command)
    {
        if (File.Exists(Path.Combine(_world.Qleetctl.Installations, "early.json")))
        {
            await _world.Qleetctl.RunAsync(command);
        }
    }

    private async Task AssertInstalledAsync()
    {
        var kubeconfig = Path.Combine(_world.Qleetctl.Installations, "early.kubeconfig");
        var account = await ClusterListing.KubectlAsync(
            await KubeconfigAsync(),
            "get",
            "serviceaccount,storageclass",
            "--namespace",
            "threeport-early",
            "--output=name"
        );
        Assert.That(account, Does.Contain("serviceaccount/controllers").And.Contain("storageclass.storage.k8s.io/gp3"));
        Assert.That(File.GetUnixFileMode(kubeconfig), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(await File.ReadAllTextAsync(kubeconfig), Does.Contain("\"exec\"").And.Not.Contain("\"token\":"));
    }

    private async Task AssertNothingIsLeftAsync()
    {
        Assert.That(_world.AtAws, Is.Empty);
        Assert.That(_world.Kept(), Is.Empty);
        Assert.That(GenesisWorld.ProcessesOf(Path.Combine(_world.Qleetctl.Installations, "early.genesis")), Is.Empty);
        var left = await ClusterListing.KubectlAsync(await KubeconfigAsync(), "get", "namespaces", "--output=name");
        Assert.That(left, Does.Not.Contain("threeport"));
    }

    private async Task<string> KubeconfigAsync()
    {
        var file = Path.Combine(Path.GetDirectoryName(_world.Qleetctl.ConfigPath)!, "cluster.kubeconfig");
        await File.WriteAllTextAsync(file, _world.Kubeconfig);
        return file;
    }
}
