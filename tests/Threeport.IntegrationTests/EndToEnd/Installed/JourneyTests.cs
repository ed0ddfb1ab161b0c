namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>From nothing to a workload in a pod, and back to nothing.</summary>
public sealed class JourneyTests : InstalledFixture
{
    private const string Others = "current: other\ncontrolPlanes:\n- name: other\n  endpoint: https://127.0.0.1:1\n";

    [Test]
    public async Task Up_ends_with_a_control_plane_that_runs_a_workload_and_down_leaves_the_cluster_as_it_was()
    {
        await File.WriteAllTextAsync(Qleetctl.ConfigPath, Others);
        var up = await Qleetctl.RunAsync(Qleetctl.UpOf("one"));
        Assert.That(up, Does.Contain("agent connected").And.Contain("4/4 ready").And.Contain("commands go to other"));
        Assert.That(
            File.GetUnixFileMode(Qleetctl.ConfigPath),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite)
        );
        Assert.That(await File.ReadAllTextAsync(Qleetctl.ConfigPath), Does.StartWith("current: other\n"));

        await DeploySampleAsync("one");
        await LockedDown.AssertAsync(Installed.Qleetctl.Kubeconfig, "threeport-one");
        var self = await Qleetctl.GetAsync("one", "control-plane-instance", "one");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((bool?)self["spec"]!["isSelf"], Is.True);
            Assert.That((bool?)self["spec"]!["genesis"], Is.True);
            Assert.That((string?)self["status"]!["ready"], Is.EqualTo("4/4"));
            Assert.That((string?)self["status"]!["version"], Is.Not.Empty);
            Assert.That((string?)self["status"]!["endpoint"], Does.StartWith("https://"));
            Assert.That(
                self["status"]!["servers"]!.AsArray().Select(static s => (string?)s!["name"]),
                Is.EquivalentTo(new[] { "api", "controllers", "postgres", "nats" })
            );
        }

        var (exit, refusal) = await Qleetctl.TryAsync("down", "--name", "one", "--yes");
        Assert.That(exit, Is.EqualTo(1), refusal);
        Assert.That(refusal, Does.Contain("workload-instance/hello would be left without a control plane"));

        await RemoveSampleAsync("one");
        await Qleetctl.RunAsync("down", "--name", "one", "--yes");
        await AssertAsBeforeAsync();
        Assert.That(
            await File.ReadAllTextAsync(Qleetctl.ConfigPath),
            Does.StartWith("current: other\n").And.Not.Contain("one")
        );
        Assert.That(Directory.EnumerateFiles(Qleetctl.Installations, "one.json"), Is.Empty);
    }

    [Test]
    public async Task Of_two_control_planes_in_a_cluster_one_is_taken_down_and_the_other_works_on()
    {
        await Qleetctl.RunAsync(Qleetctl.UpOf("left"));
        await Qleetctl.RunAsync(Qleetctl.UpOf("right"));
        await Qleetctl.RunAsync("down", "--name", "left", "--yes");
        await DeploySampleAsync("right");
        await RemoveSampleAsync("right");
        await Qleetctl.RunAsync("down", "--name", "right", "--yes");
    }

    [Test]
    public async Task Down_works_when_the_API_is_dead_and_then_asks_the_cluster_for_workloads()
    {
        await Qleetctl.RunAsync(Qleetctl.UpOf("dead"));
        await DeploySampleAsync("dead");
        var kubeconfig = Installed.Qleetctl.Kubeconfig;
        await ClusterListing.KubectlAsync(
            kubeconfig,
            "--namespace",
            "threeport-dead",
            "scale",
            "deployment",
            "api",
            "--replicas=0"
        );
        await ClusterListing.KubectlAsync(
            kubeconfig,
            "--namespace",
            "threeport-dead",
            "wait",
            "pod",
            "--selector=app.kubernetes.io/name=api",
            "--for=delete",
            "--timeout=90s"
        );
        var (exit, refusal) = await Qleetctl.TryAsync("down", "--name", "dead", "--yes");
        Assert.That(exit, Is.EqualTo(1), refusal);
        Assert.That(refusal, Does.Contain("workload-instance/hello would be left without a control plane"));

        await Qleetctl.RunAsync("down", "--name", "dead", "--yes", "--force");
        // The workload goes on, as was meant; it is in a namespace of its own.
        var left = await ClusterListing.KubectlAsync(kubeconfig, "get", "namespaces", "--output=name");
        var workload = left.Split('\n').Single(static n => n.StartsWith("namespace/hello-", StringComparison.Ordinal));
        await ClusterListing.KubectlAsync(kubeconfig, "delete", workload, "--wait", "--timeout=2m");
    }
}
