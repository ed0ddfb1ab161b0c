using System.Collections.Concurrent;
using System.Text.Json;
using Threeport.IntegrationTests.EndToEnd;

namespace Threeport.IntegrationTests.Soak.Eks;

/// <summary>
/// The process of the controllers is killed before and after every single AWS call of a cluster's creation and of its deletion, in turn, and
/// started again: in the end it is all there, or all gone, and nothing was made twice. <c>build/soak eks</c> runs it, for it starts some two
/// hundred processes; <see cref="Aws.EksKilledTests"/> does the same within one.
/// </summary>
[Category("Eks")]
public sealed class EksTests
{
    private const int AtOnce = 4;

    [Test]
    public async Task Whatever_call_the_process_is_killed_at_it_is_made_once_and_leaves_nothing()
    {
        await using var first = await EksProcesses.StartAsync();
        var creation = await CreateAsync(first, "undisturbed", 0, after: false);
        var deletion = await DeleteAsync(first, "undisturbed", 0, after: false);
        SoakOutput.Say($"undisturbed: {creation.Calls} calls make it, {deletion.Calls} take it down");

        var last = Math.Max(creation.Calls, deletion.Calls);
        var lives = new ConcurrentQueue<(int Call, bool After)>(
            Enumerable.Range(1, last).SelectMany(static call => new[] { (call, false), (call, true) })
        );
        ConcurrentBag<(string What, bool After)> kills = [];
        await Task.WhenAll(
            Enumerable
                .Range(0, AtOnce)
                .Select(async lane =>
                {
                    await using var processes = await EksProcesses.StartAsync();
                    while (lives.TryDequeue(out var life))
                    {
                        await LiveAsync(processes, life.Call, life.After, kills);
                    }
                })
        );

        var counted = kills
            .CountBy(static kill => $"{kill.What} {(kill.After ? "after" : "before")} a call")
            .OrderBy(static kill => kill.Key, StringComparer.Ordinal)
            .ToDictionary();
        foreach (var (kill, count) in counted)
        {
            SoakOutput.Say($"killed in {kill}: {count}");
        }

        await SoakOutput.WriteAsync(
            JsonSerializer.Serialize(
                new
                {
                    creation = creation.Calls,
                    deletion = deletion.Calls,
                    kills = counted,
                }
            )
        );

        // A life may have a look less than the first: then there is nothing to die at.
        Assert.That(kills, Has.Count.GreaterThan((creation.Calls + deletion.Calls) * 2 * 9 / 10));
    }

    private static async Task LiveAsync(
        EksProcesses processes,
        int call,
        bool after,
        ConcurrentBag<(string What, bool After)> kills
    )
    {
        var (name, when) = (
            $"shop-{call}-{(after ? "after" : "before")}",
            $"{(after ? "after" : "before")} call {call}"
        );
        var creation = await CreateAsync(processes, name, call, after);
        var twice = processes
            .Resources.Select(static r => r.Tags.GetValueOrDefault("threeport.io/step"))
            .OfType<string>()
            .CountBy(static step => step)
            .Where(static step => step.Value > 1);
        Assert.That(twice, Is.Empty, $"its creation was killed {when}");
        var inventory = (await processes.FindClusterAsync(name))!["status"]!["inventory"]!.AsArray();
        Assert.That(inventory, Has.Count.EqualTo(21), $"its creation was killed {when}");

        var deletion = await DeleteAsync(processes, name, call, after);
        Assert.That(processes.Resources, Is.Empty, $"its creation and its deletion were killed {when}");
        foreach (var (what, life) in new[] { ("creation", creation), ("deletion", deletion) })
        {
            Assert.That(life.WasKilled || life.Calls < call, Is.True, $"the {what} died {when} of {life.Calls}");
            if (life.WasKilled)
            {
                kills.Add((what, after));
            }
        }

        SoakOutput.Say($"{when}: {creation.Calls} calls made it, {deletion.Calls} took it down");
    }

    private static Task<(int Calls, bool WasKilled)> CreateAsync(EksProcesses at, string name, int dieAt, bool after) =>
        at.LiveAsync(
            p => p.CreateAsync(name),
            async p => WholeControlPlane.Reason(await p.FindClusterAsync(name)) == "Ready",
            dieAt,
            after
        );

    private static Task<(int Calls, bool WasKilled)> DeleteAsync(EksProcesses at, string name, int dieAt, bool after) =>
        at.LiveAsync(p => p.DeleteAsync(name), async p => await p.FindClusterAsync(name) is null, dieAt, after);
}
