using Threeport.AwsServer;

namespace Threeport.IntegrationTests.Aws;

/// <summary>A cluster at AWS from its creation to its end.</summary>
public sealed class EksLifeTests
{
    [Test]
    public async Task A_cluster_is_made_with_all_that_it_stands_on_and_goes_with_all_of_it()
    {
        await using var world = await EksWorld.StartAsync();
        await world.ReadyAsync();
        var eks = world.Eks;
        var recorded = eks.Status.Inventory;
        var there = Recorded(world.Aws).ToList();
        var unknown = there.Where(t => !recorded.Any(r => r.Id == t.Id || r.Arn == t.Id || r.Id == t.Name));
        TestContext.Out.WriteLine($"{world.Made.Count} calls: {string.Join(", ", Counts(world))}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(unknown, Is.Empty);
            Assert.That(recorded, Has.Count.EqualTo(there.Count).And.Count.EqualTo(21));
            Assert.That(Recorded(world.Aws).Where(r => !r.Tags.ContainsKey("threeport.io/owner")), Is.Empty);
            Assert.That(eks.Status.ConnectionToken, Does.StartWith("k8s-aws-v1."));
            Assert.That(eks.Status.ApiEndpoint, Is.Not.Null);
        }

        await world.GoneAsync();
        Assert.That(world.Aws.Control.Resources, Is.Empty);
    }

    [Test]
    public async Task Making_it_costs_little_more_than_a_script_would()
    {
        // 38 calls that make something, set it up, or say what to make; and one look at each of the 8 things that take their time.
        const int script = 46;
        await using var world = await EksWorld.StartAsync(
            options: EksWorld.Fast with
            {
                PollEvery = TimeSpan.FromMilliseconds(600),
            }
        );
        await world.ReadyAsync();
        TestContext.Out.WriteLine($"{world.Made.Count} calls: {string.Join(", ", Counts(world))}");
        Assert.That(world.Made, Has.Count.LessThanOrEqualTo(script * 3 / 2));
    }

    [Test]
    public async Task It_goes_at_whatever_moment_that_is_asked_for()
    {
        const int moments = 10;
        for (var moment = 0; moment < moments; moment++)
        {
            await using var world = await EksWorld.StartAsync();
            var call = 1 + (4 * moment);
            world.KillAt(call, after: moment % 2 == 1);
            await world.UntilKilledAsync();
            var there = world.Aws.Control.Resources.Count;
            await world.GoneAsync();
            Assert.That(world.Aws.Control.Resources, Is.Empty, $"at call {call}");
            TestContext.Out.WriteLine($"deleted at call {call}, when {there} things were there");
        }
    }

    [Test]
    public async Task Its_nodes_can_be_more_fewer_and_others()
    {
        await using var world = await EksWorld.StartAsync();
        await world.ReadyAsync();
        world.Define(new() { DefaultNodeGroupMinimumSize = 3, DefaultNodeGroupMaximumSize = 5 });
        await SettledAsync(world, "UpdateNodegroupConfig");
        world.Define(new() { DefaultNodeGroupInstanceType = "m7i.large" });
        await SettledAsync(world, "DeleteNodegroup");
        Assert.That(
            world.Aws.Control.Resources.Where(static r => r.Type == "eks:nodegroup").Select(static r => r.Name),
            Has.Some.Contains("m7i-large").And.None.Contains("t3-medium")
        );
    }

    [Test]
    public async Task Whatever_AWS_has_against_it_it_is_made_or_says_what_somebody_must_do()
    {
        await using var world = await EksWorld.StartAsync(
            new()
            {
                IamDelay = TimeSpan.FromSeconds(10),
                Ec2Delay = TimeSpan.FromMilliseconds(200),
                ZonesWithoutCapacity = ["eu-central-1a"],
            }
        );
        world.Aws.Control.Throttle(0.3);
        world.Aws.Control.FailOnce();
        await world.UntilAsync("but for one zone", static r => r.Reason == "CapacityMissing");
        var told = world.Eks.Ready.Message;
        Assert.That(
            told,
            Does.Contain("eu-central-1a").And.Contain("name another defaultNodeGroupInstanceType").And.StartWith("1")
        );
        world.Aws.Control.Configure(static s => s with { ZonesWithoutCapacity = [] });
        await world.ReadyAsync();
        Assert.That(world.Twice, Is.Empty);
        await world.GoneAsync();
        Assert.That(world.Aws.Control.Resources, Is.Empty);
        var outcomes = world.Aws.Control.Calls.CountBy(static c => c.Outcome).OrderByDescending(static c => c.Value);
        TestContext.Out.WriteLine(
            $"{string.Join(", ", outcomes.Select(static c => $"{c.Key} {c.Value}"))}; told: {told}"
        );
    }

    [Test]
    public async Task Whatever_answer_is_lost_it_is_made_once()
    {
        await using var world = await EksWorld.StartAsync();
        world.Aws.Control.LoseAnswer();
        await world.ReadyAsync();
        var lost = world.Aws.Control.Calls.Count(static c => c.Outcome == AwsCall.AnswerLost);
        Assert.That(world.Twice, Is.Empty);
        await world.GoneAsync();
        Assert.That(world.Aws.Control.Resources, Is.Empty);
        TestContext.Out.WriteLine($"{lost} answers lost while it was made");
    }

    [Test]
    public async Task What_somebody_changed_or_took_away_is_put_right_and_told()
    {
        await using var world = await EksWorld.StartAsync(
            options: EksWorld.Fast with
            {
                CompareEvery = TimeSpan.FromMilliseconds(100),
            }
        );
        await world.ReadyAsync();
        var vpc = world.Eks.Status.Inventory.Single(static r => r.Step == "Vpc").Id;
        var nodes = world.Eks.Status.Inventory.Single(static r => r.Type == "nodegroup").Id;
        await world.Clients.Ec2.DeleteTagsAsync(
            new() { Resources = [vpc], Tags = [new() { Key = "threeport.io/step" }] }
        );
        await world.Clients.Eks.DeleteNodegroupAsync(new() { ClusterName = EksWorld.Name, NodegroupName = nodes });
        world.Made.Clear();
        await SettledAsync(world, "CreateNodegroup");
        Assert.That(
            world.Aws.Control.Resources.Single(static r => r.Type == "ec2:vpc").Tags["threeport.io/step"],
            Is.EqualTo("Vpc")
        );
        Assert.That(
            world.Events.Select(static e => e.Message),
            Has.Some.Contains("Vpc: tags were changed").And.Some.Contains("NodeGroup/t3-medium")
        );
    }

    [Test]
    public async Task At_rest_it_costs_less_than_two_calls_a_minute()
    {
        await using var world = await EksWorld.StartAsync(
            options: EksWorld.Fast with
            {
                CompareEvery = TimeSpan.FromMilliseconds(50),
            }
        );
        await world.ReadyAsync();
        world.Made.Clear();
        await Task.Delay(100);
        var result = await world.PassAsync();
        var perComparison = world.Made.Count;
        var minutes = new Modules.Aws.AwsOptions().CompareEvery.TotalMinutes;
        TestContext.Out.WriteLine($"{perComparison} calls in {minutes} minutes: {string.Join(", ", Counts(world))}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.IsReady, Is.True);
            Assert.That(perComparison, Is.GreaterThan(0));
            Assert.That(perComparison / minutes, Is.LessThan(2));
        }

        world.Made.Clear();
        await using var quiet = await EksWorld.StartAsync();
        await quiet.ReadyAsync();
        quiet.Made.Clear();
        await quiet.PassAsync();
        Assert.That(quiet.Made, Is.Empty);
    }

    [Test]
    public async Task Kubernetes_is_given_time_to_take_down_what_it_made_and_then_it_is_said_who_must()
    {
        await using var world = await EksWorld.StartAsync();
        await world.ReadyAsync();
        var cluster = new AwsCluster(AwsAccountOptions.Default.Id, EksWorld.Region, EksWorld.Name);
        var balancer = world.Aws.Control.AddLoadBalancer(cluster);
        world.Aws.Control.AddVolume(cluster);
        world.Delete();
        await world.UntilAsync("waiting", static r => r.Reason == "WaitingForKubernetes");
        Assert.That(world.Eks.Ready.Message, Does.Contain("load balancer").And.Contain("volume"));
        await world.UntilAsync("left", static r => r.Reason == "LeftByKubernetes");
        world.Aws.Control.RemoveLoadBalancer(cluster, balancer);
        await world.GoneAsync();
        Assert.That(world.Aws.Control.Resources, Is.Empty);
    }

    [Test]
    public async Task Kubernetes_is_gone_to_by_minor_versions_and_the_nodes_follow_each()
    {
        await using var world = await EksWorld.StartAsync(definition: new() { KubernetesVersion = "1.31" });
        await world.ReadyAsync();
        world.Made.Clear();
        world.Define(new() { KubernetesVersion = "1.33" });
        await world.UntilAsync("at 1.33", r => r.IsReady && world.Eks.Status.KubernetesVersion == "1.33");
        var updates = world.Made.Where(static c => c.EndsWith("Version", StringComparison.Ordinal)).ToList();
        Assert.That(
            updates,
            Is.EqualTo([
                "eks:UpdateClusterVersion",
                "eks:UpdateNodegroupVersion",
                "eks:UpdateClusterVersion",
                "eks:UpdateNodegroupVersion",
            ])
        );
    }

    [Test]
    public async Task A_missing_permission_is_named()
    {
        await using var world = await EksWorld.StartAsync();
        world.Aws.Control.Deny(AwsAccountOptions.Default.Id, "ec2:CreateVpc");
        await world.UntilAsync("refused", static r => r.Reason == "PermissionMissing");
        Assert.That(world.Eks.Ready.Message, Does.Contain("ec2:CreateVpc"));
        world.Aws.Control.Allow(AwsAccountOptions.Default.Id, "ec2:CreateVpc");
        await world.ReadyAsync();
    }

    private static IEnumerable<string> Counts(EksWorld world) =>
        world
            .Made.CountBy(static c => c)
            .OrderByDescending(static c => c.Value)
            .Select(static c => $"{c.Key} {c.Value}");

    /// <summary>What is the stack's, without what its parts make for themselves.</summary>
    private static IEnumerable<AwsResource> Recorded(AwsEndpoint aws) =>
        aws.Control.Resources.Where(static r =>
            r.Tags.ContainsKey("threeport.io/step")
            || r.Type is "ec2:vpc" or "eks:cluster" or "eks:nodegroup" or "iam:role"
        );

    private static async Task SettledAsync(EksWorld world, string operation)
    {
        await world.UntilAsync(
            operation,
            r => r.IsReady && world.Made.Any(c => c.EndsWith(operation, StringComparison.Ordinal))
        );
    }
}
