using System.Text.Json.Nodes;
using Threeport.AwsServer;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Aws;

/// <summary>Clusters by awscli: what comes with them, what holds them up, and that they take all of it along.</summary>
public sealed class AwsClusterTests : AwsClusterFixture
{
    [Test]
    public async Task A_cluster_with_nodes_and_addons_comes_up_and_goes_and_takes_all_that_is_its_own_along()
    {
        var before = Aws.Control.Resources.Count;
        await CreateRoleAsync();
        await CreateClusterAsync();
        await CreateNodegroupAsync();
        await Cli.RunAsync("eks", "create-addon", "--cluster-name", "one", "--addon-name", "coredns", "--tags", "k=v");
        Assert.That(
            await Cli.RefusedAsync("eks", "delete-cluster", "--name", "one"),
            Is.EqualTo("ResourceInUseException")
        );
        await StatusAsync(
            "ACTIVE",
            "nodegroup",
            "eks",
            "describe-nodegroup",
            "--cluster-name",
            "one",
            "--nodegroup-name",
            "n"
        );
        await StatusAsync(
            "ACTIVE",
            "addon",
            "eks",
            "describe-addon",
            "--cluster-name",
            "one",
            "--addon-name",
            "coredns"
        );

        var cluster = (await Cli.RunAsync("eks", "describe-cluster", "--name", "one"))["cluster"]!;
        var instances = await Cli.RunAsync(
            "ec2",
            "describe-instances",
            "--filters",
            "Name=tag:eks:cluster-name,Values=one"
        );
        var tags = await Cli.RunAsync("eks", "list-tags-for-resource", "--resource-arn", (string)cluster["arn"]!);
        var inProfile = await Cli.RefusedAsync("iam", "delete-role", "--role-name", "cluster");
        Assert.Multiple(() =>
        {
            Assert.That((string?)tags["tags"]!["owner"], Is.EqualTo("a/b+c d"));
            Assert.That(instances["Reservations"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That(
                (string?)cluster["identity"]!["oidc"]!["issuer"],
                Does.StartWith("https://oidc.eks.eu-central-1.")
            );
            Assert.That((string?)cluster["resourcesVpcConfig"]!["clusterSecurityGroupId"], Does.StartWith("sg-"));
            Assert.That(inProfile, Is.EqualTo("DeleteConflict"));
        });

        await Cli.RunAsync(
            "eks",
            "update-nodegroup-config",
            "--cluster-name",
            "one",
            "--nodegroup-name",
            "n",
            "--scaling-config",
            "minSize=1,maxSize=4,desiredSize=3"
        );
        await Eventually.TrueAsync(
            "there are three nodes",
            () => Aws.Control.Resources.Count(static r => r.Type == "ec2:instance") == 3
        );
        await Cli.RunAsync("eks", "delete-nodegroup", "--cluster-name", "one", "--nodegroup-name", "n");
        await GoneAsync("eks", "describe-nodegroup", "--cluster-name", "one", "--nodegroup-name", "n");
        await Cli.RunAsync("eks", "delete-cluster", "--name", "one");
        await GoneAsync("eks", "describe-cluster", "--name", "one");
        await Cli.RunAsync("iam", "detach-role-policy", "--role-name", "cluster", "--policy-arn", Worker);
        await Cli.RunAsync("iam", "delete-role", "--role-name", "cluster");
        Assert.That(Aws.Control.Resources, Has.Count.EqualTo(before));
    }

    [Test]
    public async Task A_zone_without_room_refuses_a_cluster_and_one_without_capacity_degrades_a_node_group()
    {
        await CreateRoleAsync();
        Aws.Control.Configure(static s => s with { ZonesWithoutClusters = ["eu-central-1b"] });
        var full = await RefusedClusterAsync();
        Aws.Control.Configure(static s =>
            s with
            {
                ZonesWithoutClusters = [],
                ZonesWithoutCapacity = ["eu-central-1a"],
            }
        );
        await CreateClusterAsync();
        await CreateNodegroupAsync();
        await StatusAsync(
            "DEGRADED",
            "nodegroup",
            "eks",
            "describe-nodegroup",
            "--cluster-name",
            "one",
            "--nodegroup-name",
            "n"
        );
        var issue = (await Cli.RunAsync("eks", "describe-nodegroup", "--cluster-name", "one", "--nodegroup-name", "n"))[
            "nodegroup"
        ]!["health"]!["issues"]![0]!;
        Aws.Control.Configure(static s => s with { ZonesWithoutCapacity = [] });
        await StatusAsync(
            "ACTIVE",
            "nodegroup",
            "eks",
            "describe-nodegroup",
            "--cluster-name",
            "one",
            "--nodegroup-name",
            "n"
        );

        Assert.Multiple(() =>
        {
            Assert.That(full, Is.EqualTo("UnsupportedAvailabilityZoneException"));
            Assert.That((string?)issue["code"], Is.EqualTo("AsgInstanceLaunchFailures"));
        });
    }

    [Test]
    public async Task What_Kubernetes_made_holds_up_the_network_until_it_is_gone()
    {
        await CreateRoleAsync();
        await CreateClusterAsync();
        var cluster = new AwsCluster(AwsAccountClients.Account, AwsAccountClients.Region, "one");
        var group = Aws.Control.AddLoadBalancer(cluster);
        var volume = Aws.Control.AddVolume(cluster);

        var held = await Cli.RefusedAsync("ec2", "delete-subnet", "--subnet-id", Subnets[0]);
        var used = await Cli.RefusedAsync("ec2", "delete-security-group", "--group-id", group);
        Aws.Control.RemoveLoadBalancer(cluster, group);
        await Ec2.DeleteVolumeAsync(new() { VolumeId = volume });

        Assert.Multiple(() =>
        {
            Assert.That(new[] { held, used }, Is.All.EqualTo("DependencyViolation"));
            Assert.That(
                Aws.Control.Resources.Select(static r => r.Id),
                Has.None.EqualTo(group).And.None.EqualTo(volume)
            );
        });
    }

    private Task<string> RefusedClusterAsync() => Cli.RefusedAsync(ClusterCommand());

    private Task<JsonNode> CreateNodegroupAsync() =>
        Cli.RunAsync([
            "eks",
            "create-nodegroup",
            "--cluster-name",
            "one",
            "--nodegroup-name",
            "n",
            "--node-role",
            Role,
            "--scaling-config",
            "minSize=1,maxSize=3,desiredSize=2",
            "--instance-types",
            "m7i.large",
            "--subnets",
            .. Subnets,
        ]);

    private async Task GoneAsync(params string[] command)
    {
        await Eventually.TrueAsync(
            $"{command[1]} finds nothing",
            () =>
                Aws.Control.Resources.All(static r =>
                    r.Type is not ("eks:nodegroup" or "eks:cluster") || r.State != "DELETING"
                ),
            TimeSpan.FromSeconds(30)
        );
        Assert.That(await Cli.RefusedAsync(command), Is.EqualTo("ResourceNotFoundException"));
    }
}
