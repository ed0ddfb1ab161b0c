using Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;
using Threeport.Modules.Aws.Stack;

namespace Threeport.Tests.Aws;

public sealed class StackPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly StackZone[] Two = [new("r-1a", "r1-az1", 0), new("r-1b", "r1-az2", 1)];
    private static readonly StackZone[] Three = [.. Two, new("r-1c", "r1-az3", 2)];
    private static readonly IReadOnlyList<string> Wanted = StackKey.Of(new(), Two);

    [Test]
    public void A_cluster_of_two_zones_shares_a_gateway_and_one_of_three_has_one_a_zone()
    {
        var three = StackKey.Of(new() { ZoneCount = 3, HighAvailability = true }, Three);
        Assert.That(Wanted, Has.Count.EqualTo(21));
        Assert.That(Wanted.Count(static k => StackKey.TypeOf(k) == StackKey.NatGateway), Is.EqualTo(1));
        Assert.That(three.Count(static k => StackKey.TypeOf(k) == StackKey.NatGateway), Is.EqualTo(3));
        Assert.That(three.Count(static k => StackKey.TypeOf(k) == StackKey.PrivateRoutes), Is.EqualTo(3));
    }

    [Test]
    public void What_is_needed_stands_before_what_needs_it()
    {
        for (var at = 0; at < Wanted.Count; at++)
        {
            Assert.That(Wanted.Skip(at + 1).Where(later => StackKey.Needs(Wanted[at], later)), Is.Empty, Wanted[at]);
        }
    }

    [Test]
    public void Every_step_is_known() => Assert.That(Wanted.Select(StackSteps.Of), Has.None.Null);

    [Test]
    public void All_that_needs_nothing_is_made_first_and_at_once() =>
        Assert.That(
            StackPlan.For(Wanted, [], Now).Create,
            Is.EqualTo(["Vpc", "ElasticIp/r-1a", "ClusterRole", "NodeRole"])
        );

    [Test]
    public void It_takes_few_waves_to_make_all()
    {
        var there = new List<StackResource>();
        var waves = 0;
        while (there.Count < Wanted.Count)
        {
            var plan = StackPlan.For(Wanted, there, Now);
            Assert.That(plan.Create, Is.Not.Empty);
            there.AddRange(plan.Create.Select(static k => Ready(k)));
            waves++;
        }

        Assert.That(waves, Is.LessThanOrEqualTo(8));
        Assert.That(StackPlan.For(Wanted, there, Now).IsEmpty, Is.True);
    }

    [Test]
    public void What_may_have_been_made_is_looked_for_and_not_made_again()
    {
        var plan = StackPlan.For(Wanted, [Ready("Vpc") with { State = StackState.Intended, Id = null }], Now);
        Assert.That(plan.Find.Single().Step, Is.EqualTo("Vpc"));
        Assert.That(plan.Create, Has.None.EqualTo("Vpc"));
    }

    [Test]
    public void What_is_not_due_is_left()
    {
        var later = Now.AddSeconds(10);
        var resource = Ready("Vpc") with { State = StackState.Making, LookAt = later };
        Assert.That(StackPlan.For(Wanted, [resource], Now).Look, Is.Empty);
        Assert.That(StackPlan.For(Wanted, [resource], later).Look, Is.EqualTo([resource]));
    }

    [Test]
    public void What_was_refused_is_asked_for_again_when_due_and_what_failed_goes_first()
    {
        var refused = Ready("Vpc") with { State = StackState.Failed, Id = null, LookAt = Now };
        Assert.That(StackPlan.For(Wanted, [refused], Now).Create, Has.Some.EqualTo("Vpc"));
        var failed = refused with { Id = "vpc-1" };
        var plan = StackPlan.For(Wanted, [failed], Now);
        Assert.That(plan.Create, Has.None.EqualTo("Vpc"));
        Assert.That(plan.Delete, Is.EqualTo([failed]));
        Assert.That(StackPlan.For(Wanted, [failed with { LookAt = Now.AddSeconds(1) }], Now).Delete, Is.Empty);
    }

    [Test]
    public void All_goes_in_the_reverse_order_and_nothing_before_what_needs_it()
    {
        var there = Wanted.Select(static k => Ready(k)).ToList();
        var gone = new List<string>();
        while (there.Count > 0)
        {
            var wave = StackPlan.For([], there, Now).Delete;
            Assert.That(wave, Is.Not.Empty);
            Assert.That(wave.Where(r => there.Any(o => StackKey.Needs(o.Step, r.Step))), Is.Empty);
            gone.AddRange(wave.Select(static r => r.Step));
            there.RemoveAll(wave.Contains);
        }

        Assert.That(gone, Is.EquivalentTo(Wanted));
        Assert.That(gone[^1], Is.EqualTo("Vpc").Or.EqualTo("ClusterRole"));
        Assert.That(gone.IndexOf("NodeGroup/t3-medium"), Is.LessThan(gone.IndexOf("Cluster")));
        Assert.That(gone.IndexOf("Cluster"), Is.LessThan(gone.IndexOf("PrivateSubnet/r-1a")));
    }

    [Test]
    public void Nodes_of_another_type_come_before_those_that_they_replace_go()
    {
        var definition = new AwsEksKubernetesRuntimeDefinitionSpec { DefaultNodeGroupInstanceType = "m7i.large" };
        var wanted = StackKey.Of(definition, Two);
        var there = Wanted.Select(static k => Ready(k)).ToList();
        var plan = StackPlan.For(wanted, there, Now);
        Assert.That(plan.Create, Is.EqualTo(["NodeGroup/m7i-large"]));
        Assert.That(plan.Delete, Is.Empty);
        there.Add(Ready("NodeGroup/m7i-large"));
        Assert.That(
            StackPlan.For(wanted, there, Now).Delete.Select(static r => r.Step),
            Is.EqualTo(["NodeGroup/t3-medium"])
        );
    }

    [Test]
    public void What_was_made_in_a_zone_that_EKS_refuses_goes_while_there_is_no_cluster_yet()
    {
        var wanted = StackKey.Of(new(), [Two[0], Three[2]]);
        StackResource[] there =
        [
            Ready("Vpc"),
            Ready("PrivateSubnet/r-1a"),
            Ready("PrivateSubnet/r-1b"),
            Ready("Cluster") with
            {
                State = StackState.Failed,
                Id = null,
                LookAt = Now.AddSeconds(5),
            },
        ];
        var plan = StackPlan.For(wanted, there, Now);
        Assert.That(plan.Create, Has.Some.EqualTo("PrivateSubnet/r-1c"));
        Assert.That(plan.Create, Has.None.EqualTo("Cluster"));
    }

    private static StackResource Ready(string key) =>
        new()
        {
            Step = key,
            Type = "thing",
            Id = $"id-{key}",
            State = StackState.Ready,
            Since = Now,
            MadeAt = Now,
        };
}
