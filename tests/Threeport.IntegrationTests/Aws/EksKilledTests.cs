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

    private int _killed;

    [SetUp]
    public void Begin() => _killed = 0;

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
                Noted(world, call);
                Assert.That(world.Twice, Is.Empty, $"killed {(after ? "after" : "before")} call {call}");
                Assert.That(world.Eks.Status.Inventory, Has.Count.EqualTo(21));
                await world.GoneAsync();
                Assert.That(
                    world.Aws.Control.Resources,
                    Is.Empty,
                    $"killed {(after ? "after" : "before")} call {call}"
                );
            }
        );
        Tell("creation", after, calls);
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
                Noted(world, call);
                Assert.That(
                    world.Aws.Control.Resources,
                    Is.Empty,
                    $"killed {(after ? "after" : "before")} call {call}"
                );
            }
        );
        Tell("deletion", after, calls);
    }

    /// <summary>A life may have a look less than the first: then there is nothing to die at, and it ends before.</summary>
    private void Noted(EksWorld world, int call)
    {
        Assert.That(world.WasKilled || world.Calls < call, Is.True, $"it died at call {call} of {world.Calls}");
        Interlocked.Add(ref _killed, world.WasKilled ? 1 : 0);
    }

    private void Tell(string phase, bool after, int calls)
    {
        Assert.That(_killed, Is.GreaterThan(calls * 9 / 10));
        TestContext.Out.WriteLine($"{phase}: {calls} calls, killed {(after ? "after" : "before")} {_killed} of them");
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
