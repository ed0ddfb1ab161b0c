namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary><c>kill -9</c> after each step and in the middle of each: the same command again goes on.</summary>
public sealed class KilledTests : InstalledFixture
{
    private static readonly string[] Up =
    [
        "Preflight",
        "Identities",
        "Network",
        "Images",
        "PostgreSQL and NATS",
        "Database schema",
        "API",
        "Controllers",
        "Configuration",
        "Runtime",
        "Control plane",
    ];

    private static readonly string[] Down = ["Servers", "Control plane", "Agent", "Volumes"];

    [Test]
    public async Task Up_and_down_that_are_killed_at_each_step_and_run_again_end_as_if_they_had_not_been()
    {
        var kubeconfig = Installed.Qleetctl.Kubeconfig;
        await Qleetctl.RunAsync(Qleetctl.UpOf("calm"));
        var calm = await ClusterListing.OfControlPlaneAsync(kubeconfig, "calm");
        await Qleetctl.RunAsync("down", "--name", "calm", "--yes");

        // As long as the other, and too short to be taken for the end of a generated name.
        await KilledCommand.AtEachAsync(Qleetctl, Up, Qleetctl.UpOf("gale"));
        await Qleetctl.RunAsync(Qleetctl.UpOf("gale"));
        var gale = await ClusterListing.OfControlPlaneAsync(kubeconfig, "gale");
        Assert.That(gale.Select(static l => l.Replace("gale", "calm", StringComparison.Ordinal)), Is.EqualTo(calm));
        await DeploySampleAsync("gale");
        await RemoveSampleAsync("gale");

        await KilledCommand.AtEachAsync(Qleetctl, Down, ["down", "--name", "gale", "--yes"]);
        if (File.Exists(Path.Combine(Qleetctl.Installations, "gale.json")))
        {
            await Qleetctl.RunAsync("down", "--name", "gale", "--yes");
        }
    }
}
