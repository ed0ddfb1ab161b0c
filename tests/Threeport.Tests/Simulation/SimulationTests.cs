using System.Collections.Concurrent;
using System.Globalization;

namespace Threeport.Tests.Simulation;

/// <summary>
/// The API layer, the relay and the controller runtime as they are, between a database, a broker, a cloud and clocks that fail
/// as a seed says. A seed that fails is printed with all that happened in it; <c>THREEPORT_SEED=4711 build/test Simulation</c>
/// does the same again, step by step.
/// </summary>
[TestFixture]
internal sealed class SimulationTests
{
    private const int Seeds = 10_000;

    /// <summary>Of a failing seed, how much of the end is shown.</summary>
    private const int MostLines = 400;

    [Test]
    public void What_is_answered_is_kept_and_what_is_kept_is_done_whatever_breaks()
    {
        if (
            int.TryParse(
                Environment.GetEnvironmentVariable("THREEPORT_SEED"),
                CultureInfo.InvariantCulture,
                out var one
            )
        )
        {
            Assert.That(Explain(one), Is.Null);
            return;
        }

        var failed = new ConcurrentQueue<(int Seed, string What)>();
        Parallel.For(
            1,
            Seeds + 1,
            (seed, loop) =>
            {
                if (new World(seed).Run() is { } what)
                {
                    failed.Enqueue((seed, what));
                    loop.Stop();
                }
            }
        );
        Assert.That(failed.Select(static f => $"Seed {f.Seed}: {f.What}\n{Explain(f.Seed)}"), Is.Empty);
    }

    [Test]
    public void The_same_seed_gives_the_same_run([Values(1, 2, 3, 4711)] int seed)
    {
        var (first, second) = (new World(seed), new World(seed));
        first.Run();
        second.Run();
        Assert.Multiple(() =>
        {
            Assert.That(second.Scheduler.Hash, Is.EqualTo(first.Scheduler.Hash));
            Assert.That(second.Scheduler.Steps, Is.EqualTo(first.Scheduler.Steps).And.GreaterThan(500));
        });
    }

    [Test]
    public void Different_seeds_give_different_runs() =>
        Assert.That(
            Enumerable
                .Range(1, 50)
                .Select(static seed =>
                {
                    var world = new World(seed);
                    world.Run();
                    return world.Scheduler.Hash;
                }),
            Is.Unique
        );

    private static string? Explain(int seed)
    {
        var world = new World(seed, keepsTrace: true);
        return world.Run() is not { } what
            ? null
            : $"Seed {seed}: {what}\n{world.Faults}\n{string.Join('\n', world.Scheduler.Lines.TakeLast(MostLines))}";
    }
}
