namespace Threeport.Tests.Simulation;

/// <summary>What may go wrong on the way, while things go wrong at all; each a probability a call.</summary>
internal sealed record NetworkFaults
{
    public static NetworkFaults None { get; } = new();

    /// <summary>It never gets there, and the caller is told at once.</summary>
    public double Refused { get; init; }

    /// <summary>It happens, and the caller is told that it did not.</summary>
    public double AnswerLost { get; init; }

    /// <summary>It happens, and the caller hears nothing for a long time.</summary>
    public double Silence { get; init; }

    /// <summary>It takes seconds.</summary>
    public double Slow { get; init; }

    /// <summary>It happens, and the caller dies of it.</summary>
    public double Deadly { get; init; }
}

/// <summary>Carries calls between processes and servers: late, not at all, or without an answer.</summary>
internal sealed class Network(Scheduler scheduler)
{
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(15);

    public NetworkFaults Faults { get; set; } = NetworkFaults.None;

    /// <param name="caller">Who asks.</param>
    /// <param name="server">Who is asked, for the trace.</param>
    /// <param name="what">What, for the trace.</param>
    /// <param name="effect">Happens at the server; what it throws is the answer.</param>
    /// <param name="broken">What the caller sees when the connection breaks.</param>
    /// <param name="slowest">How long a request may be on its way.</param>
    /// <param name="cancellationToken">Of the caller; the effect may happen all the same.</param>
    public Task<T> CallAsync<T>(
        SimProcess caller,
        string server,
        string what,
        Func<T> effect,
        Func<Exception> broken,
        TimeSpan slowest,
        CancellationToken cancellationToken
    ) =>
        CallAsync<T>(
            caller,
            server,
            what,
            reply =>
            {
                try
                {
                    reply.Answer(effect());
                }
                catch (Exception e)
                {
                    reply.Fail(e);
                }
            },
            broken,
            slowest,
            cancellationToken
        );

    /// <summary>The same for a server that answers when it likes.</summary>
    public async Task<T> CallAsync<T>(
        SimProcess caller,
        string server,
        string what,
        Action<Reply<T>> effect,
        Func<Exception> broken,
        TimeSpan slowest,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reply = new Reply<T>(this, caller, broken);
        if (scheduler.Chance(Faults.Refused))
        {
            scheduler.Trace(caller.Name, "cannot reach", server);
            scheduler.After(Latency(), () => reply.Set(broken()));
        }
        else
        {
            var way = scheduler.Chance(Faults.Slow) ? scheduler.Between(Fast, slowest) : Latency();
            scheduler.After(
                way,
                () =>
                {
                    scheduler.Trace(caller.Name, what, server);
                    effect(reply);
                }
            );
        }

        await using var cut = cancellationToken.UnsafeRegister(_ => reply.Cancel(cancellationToken), null);
        return await reply.Task;
    }

    private TimeSpan Latency() => scheduler.Between(TimeSpan.Zero, Fast);

    /// <summary>What a server answers with; whether it arrives is another matter.</summary>
    internal sealed class Reply<T>(Network network, SimProcess caller, Func<Exception> broken)
    {
        private readonly TaskCompletionSource<T> _answer = new();
        private bool _sent;

        public Task<T> Task => _answer.Task;

        /// <summary>Nobody waits for it any more.</summary>
        public bool IsAbandoned => _answer.Task.IsCompleted || !caller.IsAlive;

        public SimProcess Caller => caller;

        public void Answer(T answer) => Send(() => _answer.TrySetResult(answer), mayKill: true);

        public void Fail(Exception exception) => Send(() => Set(exception), mayKill: false);

        /// <summary>The server is gone before it answered.</summary>
        public void Break() => Fail(broken());

        public void Set(Exception exception) => _answer.TrySetException(exception);

        public void Cancel(CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);

        private void Send(Action arrive, bool mayKill)
        {
            if (_sent)
            {
                return;
            }

            _sent = true;
            var (faults, scheduler) = (network.Faults, network.Scheduler);
            if (mayKill && caller.IsMortal && scheduler.Chance(faults.Deadly))
            {
                caller.Kill();
            }
            else if (scheduler.Chance(faults.AnswerLost))
            {
                scheduler.Trace(caller.Name, "loses the answer");
                scheduler.After(network.Latency(), () => Set(broken()));
            }
            else if (scheduler.Chance(faults.Silence))
            {
                scheduler.Trace(caller.Name, "hears nothing");
                scheduler.After(SilentFor, () => Set(broken()));
            }
            else
            {
                scheduler.After(network.Latency(), arrive);
            }
        }
    }

    private Scheduler Scheduler => scheduler;
}
