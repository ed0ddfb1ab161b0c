using Threeport.IntegrationTests.Faults;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.IntegrationTests.Aws;

/// <summary>
/// The process that makes, or takes down, a cluster is killed before and after every single call, in turn, and another goes on: in the end it is
/// all there, or all gone, and nothing was made twice.
/// </summary>
public sealed class EksKilledTests
{
    private const int AtOnce = 6;

    /// <summary>What there is one of, however often something died.</summary>
    private static readonly string[] Single =
    [
        "ec2:vpc",
        "ec2:internet-gateway",
        "ec2:natgateway",
        "eks:cluster",
        "eks:nodegroup",
    ];

    [TestCase(false)]
    [TestCase(true)]
    [Kills(typeof(AwsEksKubernetesRuntimeInstanceReconciler))]
    public async Task Whatever_call_it_dies_at_it_is_made_once(bool after)
    {
        var calls = await CallsAsync(static w => w.ReadyAsync());
        await EachAsync(
            calls,
            async (world, call) =>
            {
                world.KillAt(call, after);
                await world.ReadyAsync();
                var twice = world
                    .Aws.Control.Resources.Where(static r => Single.Contains(r.Type))
                    .CountBy(static r => r.Type)
                    .Where(static c => c.Value > 1);
                Assert.That(twice, Is.Empty, $"killed {(after ? "after" : "before")} call {call}");
                Assert.That(world.Eks.Status.Inventory, Has.Count.EqualTo(21));
                await world.GoneAsync();
                Assert.That(
                    world.Aws.Control.Resources,
                    Is.Empty,
                    $"killed {(after ? "after" : "before")} call {call}"
                );
            }
        );
        TestContext.Out.WriteLine($"killed {(after ? "after" : "before")} each of {calls} calls");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Whatever_call_it_dies_at_nothing_is_left(bool after)
    {
        var calls = await CallsAsync(static async w =>
        {
            await w.ReadyAsync();
            w.Made.Clear();
            await w.GoneAsync();
        });
        await EachAsync(
            calls,
            async (world, call) =>
            {
                await world.ReadyAsync();
                world.KillAt(call, after);
                await world.GoneAsync();
                Assert.That(
                    world.Aws.Control.Resources,
                    Is.Empty,
                    $"killed {(after ? "after" : "before")} call {call}"
                );
            }
        );
        TestContext.Out.WriteLine($"killed {(after ? "after" : "before")} each of {calls} calls");
    }

    private static async Task<int> CallsAsync(Func<EksWorld, Task> life)
    {
        await using var world = await EksWorld.StartAsync();
        await life(world);
        return world.Made.Count;
    }

    private static Task EachAsync(int calls, Func<EksWorld, int, Task> life) =>
        Parallel.ForEachAsync(
            Enumerable.Range(1, calls),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (call, _) =>
            {
                await using var world = await EksWorld.StartAsync();
                await life(world, call);
            }
        );
}
