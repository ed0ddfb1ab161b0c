using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary><c>--provider kind</c>, with a stand-in for the command.</summary>
public sealed class KindJourneyTests : InstalledFixture
{
    private StandInKind _kind = null!;
    private string _images = null!;

    internal override Qleetctl Make()
    {
        _images = Machine.TemporaryFolder();
        // The nodes have the images; what is loaded is only told to kind.
        foreach (var image in new[] { "host", "agent", "postgres", "nats" })
        {
            File.WriteAllText(Path.Combine(_images, $"{image}-0.1.0.tar"), image);
        }

        _kind = new(Installed.Qleetctl.Kubeconfig);
        return new(_kind.Folder);
    }

    [OneTimeTearDown]
    public void Remove_folders()
    {
        _kind.Dispose();
        Directory.Delete(_images, recursive: true);
    }

    [Test]
    public async Task Up_makes_the_cluster_and_down_takes_it_away_and_no_other()
    {
        _kind.MakeCluster("somebody-elses");
        var up = await Qleetctl.RunAsync(Up());
        Assert.That(up, Does.Contain("agent connected").And.Contain("4/4 ready"));
        await DeploySampleAsync("boxed");
        await LockedDown.AssertAsync(Installed.Qleetctl.Kubeconfig, "threeport-boxed");
        var kubeconfig = Path.Combine(Qleetctl.Installations, "boxed.kubeconfig");
        Assert.That(File.GetUnixFileMode(kubeconfig), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));

        await Qleetctl.RunAsync(Up());
        await RemoveSampleAsync("boxed");
        await Qleetctl.RunAsync("down", "--name", "boxed", "--yes");
        var changes = _kind.Calls.Where(static c => !c.StartsWith("get ", StringComparison.Ordinal) && c != "version");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_kind.Clusters, Is.EqualTo(new[] { "somebody-elses" }));
            Assert.That(File.Exists(kubeconfig), Is.False);
            Assert.That(
                changes.Select(static c => c.Split(" --kubeconfig ")[0]),
                Is.EqualTo(
                    new[]
                    {
                        "create cluster --name threeport-boxed --wait 120s",
                        $"load image-archive {_images}/host-0.1.0.tar --name threeport-boxed",
                        $"load image-archive {_images}/agent-0.1.0.tar --name threeport-boxed",
                        $"load image-archive {_images}/postgres-0.1.0.tar --name threeport-boxed",
                        $"load image-archive {_images}/nats-0.1.0.tar --name threeport-boxed",
                        $"load image-archive {_images}/host-0.1.0.tar --name threeport-boxed",
                        $"load image-archive {_images}/agent-0.1.0.tar --name threeport-boxed",
                        $"load image-archive {_images}/postgres-0.1.0.tar --name threeport-boxed",
                        $"load image-archive {_images}/nats-0.1.0.tar --name threeport-boxed",
                        "delete cluster --name threeport-boxed",
                    }
                )
            );
            Assert.That(_kind.Configuration, Does.Contain("extraPortMappings").And.Contain("listenAddress: 127.0.0.1"));
        }
    }

    [Test]
    public async Task Killed_while_kind_makes_the_cluster_up_goes_on_and_down_cleans()
    {
        await KillWhileItMakesAsync();
        _kind.IsSlow = false;
        await Qleetctl.RunAsync(Up());
        await Qleetctl.RunAsync("down", "--name", "boxed", "--yes");
        Assert.That(_kind.Clusters, Is.Empty);

        await KillWhileItMakesAsync();
        await Qleetctl.RunAsync("down", "--name", "boxed", "--yes");
        Assert.That(_kind.Clusters, Is.Empty);
        _kind.IsSlow = false;
    }

    [Test]
    public async Task A_cluster_of_that_name_that_it_did_not_make_is_left_alone()
    {
        _kind.MakeCluster("threeport-boxed");
        var (exit, output) = await Qleetctl.TryAsync(Up());
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(output, Does.Contain("it was not made for this control plane"));
        var (down, _) = await Qleetctl.TryAsync("down", "--name", "boxed", "--yes");
        Assert.That(down, Is.EqualTo(1), "there is nothing to take down");
        Assert.That(_kind.Clusters, Is.EqualTo(new[] { "threeport-boxed" }));
    }

    private string[] Up() =>
        ["up", "--name", "boxed", "--provider", "kind", "--images", _images, "--image-tag", "0.1.0"];

    private async Task KillWhileItMakesAsync()
    {
        _kind.IsSlow = true;
        await using var up = Qleetctl.Start(Up());
        await Eventually.TrueAsync(
            "kind is at it",
            () => _kind.Clusters.Contains("threeport-boxed") || up.HasExited,
            TimeSpan.FromSeconds(60)
        );
        Assert.That(up.HasExited, Is.False, up.Output);
        await up.KillAsync();
    }
}
