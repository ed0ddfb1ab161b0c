using System.Collections.Concurrent;
using System.Diagnostics;

namespace Threeport.IntegrationTests.Soak;

/// <summary>What was killed, and how long it took until a new write took effect in the cluster after it was back.</summary>
internal sealed record Kill(string What, double AtSeconds, double AwaySeconds, double RecoveredInSeconds);

/// <summary>Kills host, broker and database, each on its own time, so that they also fall together.</summary>
internal sealed class Kills(SoakServers servers, Canary canary, Random random, Stopwatch clock)
{
    private readonly ConcurrentQueue<Kill> _done = new();

    public IReadOnlyCollection<Kill> Done => _done;

    /// <summary>Until <paramref name="stop"/>, and until everything that was killed is back. One that stays away ends them all.</summary>
    public async Task RunAsync(Action<string> say, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var all = new List<Task>
        {
            RepeatAsync("host killed", servers.Victim.KillAsync, servers.Victim.StartAgainAsync, say, either.Token),
            RepeatAsync("nats-server killed", servers.Nats.KillAsync, servers.Nats.RestartAsync, say, either.Token),
            RepeatAsync(
                "postgres killed",
                servers.Postgres.CrashAsync,
                servers.Postgres.RestartAsync,
                say,
                either.Token
            ),
        };
        await foreach (var one in Task.WhenEach(all))
        {
            if (one.IsFaulted)
            {
                await either.CancelAsync();
            }
        }

        await Task.WhenAll(all);
    }

    private async Task RepeatAsync(
        string what,
        Func<Task> kill,
        Func<Task> start,
        Action<string> say,
        CancellationToken stop
    )
    {
        while (await PauseAsync(Between(20, 40), stop))
        {
            var at = clock.Elapsed;
            await kill();
            await Task.Delay(Between(0, 3), CancellationToken.None);
            await start();
            var back = clock.Elapsed;
            await canary.RoundBegunAfterAsync(back);
            var done = new Kill(what, at.TotalSeconds, (back - at).TotalSeconds, (clock.Elapsed - back).TotalSeconds);
            _done.Enqueue(done);
            say(
                $"{done.AtSeconds, 7:F1} s  {what, -12} away {done.AwaySeconds:F1} s, recovered in {done.RecoveredInSeconds:F1} s"
            );
        }
    }

    private TimeSpan Between(double least, double most)
    {
        lock (random)
        {
            return TimeSpan.FromSeconds(least + (random.NextDouble() * (most - least)));
        }
    }

    /// <returns>Whether it passed before the end.</returns>
    private static async Task<bool> PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
