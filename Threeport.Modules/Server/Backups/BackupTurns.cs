using Threeport.Api;

namespace Threeport.Server.Backups;

/// <summary>One backup or restoration at a time in a process, and none without end.</summary>
internal sealed class BackupTurns(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <exception cref="ProblemException">409: one is at work.</exception>
    public Turn Take(CancellationToken cancellationToken) =>
        _turn.Wait(0, CancellationToken.None)
            ? new(_turn, Longest, time, cancellationToken)
            : throw new ProblemException(
                Problems.Conflict(
                    "A backup is being made or restored by this replica already. Try again when it is done."
                )
            );

    public void Dispose() => _turn.Dispose();

    /// <summary>Somebody's; given back when it is disposed of.</summary>
    internal sealed class Turn : IDisposable
    {
        private readonly SemaphoreSlim _turn;
        private readonly CancellationTokenSource _limit;
        private readonly CancellationTokenSource _either;

        public Turn(SemaphoreSlim turn, TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
        {
            _turn = turn;
            _limit = new(longest, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, cancellationToken);
        }

        /// <summary>Fires when the request is over, or has taken too long.</summary>
        public CancellationToken Token => _either.Token;

        public void Dispose()
        {
            _either.Dispose();
            _limit.Dispose();
            _turn.Release();
        }
    }
}
