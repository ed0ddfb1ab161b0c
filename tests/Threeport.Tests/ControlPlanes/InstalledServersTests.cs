using System.Text.Json.Nodes;
using Threeport.Modules.ControlPlanes.ControlPlaneInstances;

namespace Threeport.Tests.ControlPlanes;

public sealed class InstalledServersTests
{
    private static readonly ControlPlaneServer[] Well = [Server("api", 2), Server("controllers", 2), Server("nats", 3)];

    [Test]
    public void All_that_are_ready_and_as_they_should_be_are_well()
    {
        Assert.That(InstalledServers.Wrong(Well), Is.Null);
        Assert.That(InstalledServers.Summary(Well), Is.EqualTo("7/7"));
    }

    [Test]
    public void What_is_not_ready_is_counted_and_named()
    {
        ControlPlaneServer[] servers = [Server("api", 2), Server("controllers", 2) with { ReadyReplicas = 1 }];
        Assert.That(InstalledServers.Wrong(servers), Is.EqualTo(("Degraded", "controllers 1 of 2 ready.")));
        Assert.That(InstalledServers.Summary(servers), Is.EqualTo("3/4"));
    }

    [Test]
    public void A_surplus_of_one_does_not_hide_what_another_lacks() =>
        Assert.That(
            InstalledServers.Summary([
                Server("api", 2) with
                {
                    ReadyReplicas = 3,
                },
                Server("controllers", 2) with
                {
                    ReadyReplicas = 1,
                },
            ]),
            Is.EqualTo("3/4")
        );

    [Test]
    public void What_is_ready_but_not_as_it_was_last_changed_is_updating() =>
        Assert.That(
            InstalledServers.Wrong([Server("api", 2) with { UpdatedReplicas = 1 }, Server("controllers", 1)]),
            Is.EqualTo(("Updating", "api 1 of 2 updated."))
        );

    [Test]
    public void Without_an_API_or_controllers_there_is_no_control_plane() =>
        Assert.That(InstalledServers.Wrong([Server("api", 1)])?.Reason, Is.EqualTo("Missing"));

    [TestCase("localhost/threeport/host:0.1.0", "0.1.0")]
    [TestCase("registry.example.com:5000/threeport/host:1.2.3", "1.2.3")]
    [TestCase("registry.example.com:5000/threeport/host:1.2.3@sha256:0123", "1.2.3")]
    [TestCase("registry.example.com:5000/threeport/host", null)]
    public void The_version_is_the_tag_and_not_the_port_of_the_registry(string image, string? version) =>
        Assert.That(InstalledServers.VersionOf([Server("api", 1) with { Image = image }]), Is.EqualTo(version));

    [Test]
    public void A_status_of_an_older_generation_says_nothing_of_this_one()
    {
        var workload = JsonNode.Parse(
            """
            {"metadata": {"name": "api", "generation": 2}, "spec": {"replicas": 1},
             "status": {"observedGeneration": 1, "readyReplicas": 1, "updatedReplicas": 1}}
            """
        )!;
        Assert.That(InstalledServers.Of((JsonObject)workload).UpdatedReplicas, Is.Zero);
    }

    private static ControlPlaneServer Server(string name, int replicas) =>
        new()
        {
            Name = name,
            Replicas = replicas,
            ReadyReplicas = replicas,
            UpdatedReplicas = replicas,
        };
}
