using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Storage;

namespace Threeport.Server.Backups;

/// <summary>
/// After a restoration, by whichever replica: what this one remembers of the database is read anew, and the stream is made anew. Positions
/// in the old one belong to another past, and its messages to changes that may never have happened; who watches begins again, as after a
/// broker that lost its disk.
/// </summary>
internal sealed partial class RestoreFollower(
    PrimaryDatabase database,
    DataKeys keys,
    AccessPolicy policy,
    Tokens tokens,
    Streams streams,
    TimeProvider time,
    ILogger<RestoreFollower> logger
) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>A database or broker that is away is not asked as often as one that answers.</summary>
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private Guid _seen;
    private bool _failing;

    /// <summary>At once, by the replica that restored; what does not work out is tried again.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await FollowAsync(cancellationToken);
            _failing = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(_failing ? LogLevel.Debug : LogLevel.Warning, exception.Message);
            _failing = true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await LookAsync(stoppingToken);
                await Task.Delay(_failing ? TryAgainAfter : LookEvery, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var (restored, oldStream) = await RestoreMark.ReadAsync(database, cancellationToken);
        if (restored != _seen)
        {
            await keys.LoadAsync(cancellationToken);
            tokens.Forget();
            await policy.LookAsync(cancellationToken);
            _seen = restored;
        }

        if (oldStream)
        {
            await streams.MakeAnewAsync(cancellationToken);
            await RestoreMark.StreamIsNewAsync(database, cancellationToken);
            LogNewStream();
        }
    }

    [LoggerMessage(Message = "What a restoration asks for could not be done yet, and is tried again: {Reason}")]
    private partial void LogFailed(LogLevel level, string reason);

    [LoggerMessage(LogLevel.Information, "The control plane was restored; the stream of the broker was made anew")]
    private partial void LogNewStream();
}
