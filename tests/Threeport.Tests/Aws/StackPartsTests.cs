using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Calls;
using Threeport.Modules.Aws.Stack;
using Threeport.Modules.Aws.Stack.Steps;

namespace Threeport.Tests.Aws;

public sealed class StackPartsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [TestCase("10.0.0.0/16", 0, "10.0.0.0/20", "10.0.128.0/20")]
    [TestCase("10.0.0.0/16", 7, "10.0.112.0/20", "10.0.240.0/20")]
    [TestCase("192.168.16.0/20", 2, "192.168.18.0/24", "192.168.26.0/24")]
    public void A_zone_has_a_part_of_each_half(string network, int slot, string privately, string publicly)
    {
        Assert.That(Subnetting.PrivateOf(network, slot), Is.EqualTo(privately));
        Assert.That(Subnetting.PublicOf(network, slot), Is.EqualTo(publicly));
    }

    [TestCase("10.0.0.0/16", true)]
    [TestCase("172.31.0.0/18", true)]
    [TestCase("100.64.0.0/16", true)]
    [TestCase("10.0.0.0/8", false)]
    [TestCase("10.0.0.0/24", false)]
    [TestCase("8.8.0.0/16", false)]
    [TestCase("10.0.0.1/16", false)]
    [TestCase("fd00::/16", false)]
    [TestCase("", false)]
    [TestCase(null, false)]
    public void A_network_is_private_and_of_a_size_that_can_be_divided(string? network, bool usable) =>
        Assert.That(Subnetting.IsUsable(network), Is.EqualTo(usable));

    [TestCase(null, null, "1.33", "1.33")]
    [TestCase("1.31", "1.31", "1.33", "1.32")]
    [TestCase("1.32", "1.31", "1.33", "1.32")]
    [TestCase("1.32", null, "1.33", "1.33")]
    [TestCase("1.33", "1.33", "1.33", "1.33")]
    [TestCase("1.33", "1.33", "1.31", "1.33")]
    [TestCase("1.33", "1.33", null, "1.33")]
    public void A_version_is_reached_by_minors_and_nodes_follow(
        string? current,
        string? nodes,
        string? wanted,
        string next
    ) => Assert.That(Versions.Next(current, nodes, wanted), Is.EqualTo(next));

    [Test]
    public void The_newest_version_is_the_newest_by_number() =>
        Assert.That(Versions.Newest(["1.9", "1.31", null, "1.30", "2.0"]), Is.EqualTo("1.31"));

    [Test]
    public void Zones_are_chosen_in_order_without_those_that_EKS_has_nothing_in()
    {
        (string, string)[] there =
        [
            ("us-east-1c", "use1-az3"),
            ("us-east-1b", "use1-az2"),
            ("us-east-1a", "use1-az1"),
            ("us-east-1d", "use1-az4"),
        ];
        Assert.That(
            Zones.Choose(there, [], [], 3),
            Is.EqualTo([
                new StackZone("us-east-1a", "use1-az1", 0),
                new StackZone("us-east-1b", "use1-az2", 1),
                new StackZone("us-east-1d", "use1-az4", 3),
            ])
        );
    }

    [Test]
    public void A_zone_that_is_refused_is_replaced_and_the_others_keep_their_places()
    {
        (string, string)[] there = [("r-1a", "r-az1"), ("r-1b", "r-az2"), ("r-1c", "r-az3")];
        var first = Zones.Choose(there, [], [], 2);
        Assert.That(
            Zones.Choose(there, first, ["r-1a"], 2),
            Is.EqualTo([new StackZone("r-1b", "r-az2", 1), new StackZone("r-1c", "r-az3", 2)])
        );
        Assert.That(Zones.Choose(there, first, ["r-1a", "r-1b"], 2), Has.Count.EqualTo(1));
    }

    [Test]
    public void Progress_names_the_step_that_takes_longest_and_trouble_before_it()
    {
        string[] wanted = ["Vpc", "ClusterRole", "NodeRole", "Cluster"];
        StackResource[] there =
        [
            Resource("Vpc", StackState.Ready, 500),
            Resource("ClusterRole", StackState.Making, 5),
            Resource("Cluster", StackState.Making, 190),
        ];
        Assert.That(StackProgress.Of(wanted, there, Now), Is.EqualTo("1/4 Cluster: creating, 3m10s"));
        there[1].Trouble = StackTrouble.QuotaReached;
        there[1].Detail = "no more";
        Assert.That(StackProgress.Of(wanted, there, Now), Is.EqualTo("1/4 ClusterRole: creating (no more), 5s"));
        Assert.That(
            StackProgress.Of([], [Resource("Vpc", StackState.Deleting, 4000)], Now),
            Is.EqualTo("1 left Vpc: deleting, 1h6m")
        );
    }

    [TestCase("https://oidc.eks.eu-west-1.amazonaws.com/id/5C0F", "oidc.eks.eu-west-1.amazonaws.com/id/5C0F")]
    [TestCase("https://https.example.com:8443/id/s", "https.example.com:8443/id/s")]
    public void An_issuer_is_named_without_its_scheme(string address, string name) =>
        Assert.That(Trust.IssuerOf(new Uri(address)), Is.EqualTo(name));

    [TestCase("arn:aws:sts::1:assumed-role/threeport/i-0abc", "arn:aws:iam::1:role/threeport")]
    [TestCase("arn:aws:iam::1:user/threeport", "arn:aws:iam::1:user/threeport")]
    public void A_session_is_let_in_as_its_role(string principal, string identity) =>
        Assert.That(AwsIdentity.Of(principal), Is.EqualTo(identity));

    private static StackResource Resource(string step, StackState state, int seconds) =>
        new()
        {
            Step = step,
            Type = "thing",
            State = state,
            Since = Now.AddSeconds(-seconds),
        };
}
