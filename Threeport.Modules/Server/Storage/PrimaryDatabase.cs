using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Threeport.Server.Storage;

/// <summary>
/// The database: of its hosts the one that is the primary. All are looked at twice a second, each by itself, so that one that fell
/// silent is in nobody's way: Npgsql's own way to follow a primary has a request ask every host in turn, and wait for it.
/// The highest timeline tells the primary from one that does not know yet that it was replaced.
/// </summary>
public sealed partial class PrimaryDatabase : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<DatabaseHost> _hosts;
    private readonly TimeProvider _time;
    private readonly ILogger<PrimaryDatabase> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<Task, bool> _left = new();
    private readonly Lock _gate = new();
    private readonly Task _following;
    private volatile Primary _primary;

    /// <summary>Begins to look at the hosts.</summary>
    /// <param name="connection">A connection string, whose <c>Host</c> may name several.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of a new primary.</param>
    public PrimaryDatabase(string connection, TimeProvider time, ILogger<PrimaryDatabase> logger)
    {
        (_time, _logger) = (time, logger);
        var pools = DataSources.Open(connection);
        // A single one is the primary, or there is none.
        _hosts =
            pools.Count == 1
                ? [new(pools[0], looks: null)]
                :
                [
                    .. pools.Zip(
                        DataSources.OpenForLooks(connection, LookLimit),
                        static (p, l) => new DatabaseHost(p, l)
                    ),
                ];
        _primary = new(_hosts[0]);
        _following = _hosts.Count == 1 ? Task.CompletedTask : FollowAsync(_stop.Token);
        if (_hosts.Count == 1)
        {
            _looked.SetResult();
        }
    }

    /// <summary>Connections to the host that is the primary now.</summary>
    internal NpgsqlDataSource Pool => _primary.Host.Pool;

    /// <summary>Cancelled when another host has become the primary: what the one before it was asked may never be answered.</summary>
    internal CancellationToken Replaced => _primary.Replaced.Token;

    /// <summary>A statement for the primary, on a connection of its own.</summary>
    internal DatabaseCommand CreateCommand(string sql)
    {
        var command = CreateBatch();
        command.Statements.Add(new(sql));
        return command;
    }

    /// <summary>Statements for the primary, all in one round trip, on a connection of their own.</summary>
    internal DatabaseCommand CreateBatch()
    {
        var primary = _primary;
        return new(this, primary.Host.Pool.CreateBatch(), primary.Replaced.Token);
    }

    /// <summary>A connection to the primary; when another becomes it meanwhile, to that one.</summary>
    public async ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken = default)
    {
        await _looked.Task.WaitAsync(cancellationToken);
        while (true)
        {
            var primary = _primary;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(
                cancellationToken,
                primary.Replaced.Token
            );
            try
            {
                return await primary.Host.Pool.OpenConnectionAsync(either.Token);
            }
            catch (OperationCanceledException)
                when (primary.Replaced.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Of the next one.
            }
        }
    }

    /// <summary>Gives a connection back once what it was asked has ended, for whoever waits for that no longer.</summary>
    /// <param name="connection">It, or what has it.</param>
    /// <param name="asked">What it was asked.</param>
    internal void Leave(IAsyncDisposable connection, Task asked)
    {
        foreach (var ended in _left.Keys.Where(static t => t.IsCompleted))
        {
            _left.TryRemove(ended, out _);
        }

        _left[LeaveAsync()] = true;

        async Task LeaveAsync()
        {
            await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await connection.DisposeAsync();
        }
    }

    /// <summary>Ends the looks, and waits for what still gives its connection back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        await Task.WhenAll(_left.Keys);
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        _stop.Dispose();
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var first = _hosts.Select(host => LookAsync(host, cancellationToken)).ToList();
        var following = _hosts.Zip(first, (host, look) => FollowAsync(host, look, cancellationToken)).ToList();
        await Task.WhenAll(first);
        _looked.TrySetResult();
        await Task.WhenAll(following);
    }

    private async Task FollowAsync(DatabaseHost host, Task first, CancellationToken cancellationToken)
    {
        await first;
        using var timer = new PeriodicTimer(LookEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await LookAsync(host, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task LookAsync(DatabaseHost host, CancellationToken cancellationToken)
    {
        try
        {
            await host.LookAsync(cancellationToken);
            await ChooseAsync(host);
        }
        catch (Exception exception) when (Database.IsAway(exception))
        {
            // What it last said stays.
        }
        catch (Exception exception)
        {
            // Whatever it is, the looks go on: without them no failover is followed any more.
            LogFailed(exception, host.Name);
        }
    }

    private async Task ChooseAsync(DatabaseHost host)
    {
        Primary before;
        lock (_gate)
        {
            before = _primary;
            if (host == before.Host || host.Timeline <= before.Host.Timeline)
            {
                if (host.Timeline > 0)
                {
                    _looked.TrySetResult();
                }

                return;
            }

            _primary = new(host);
        }

        _looked.TrySetResult();
        LogPrimary(host.Name);
        before.Host.Pool.Clear();
        await before.Replaced.CancelAsync();
    }

    [LoggerMessage(LogLevel.Information, "The database's primary is {Host}.")]
    private partial void LogPrimary(string host);

    [LoggerMessage(LogLevel.Warning, "Whether {Host} is the database's primary cannot be asked.")]
    private partial void LogFailed(Exception exception, string host);

    /// <summary>The time that one host is the primary.</summary>
    private sealed record Primary(DatabaseHost Host)
    {
        /// <summary>Cancelled when that has ended; it has no timer, and so nothing to be disposed of.</summary>
        public CancellationTokenSource Replaced { get; } = new();
    }
}
