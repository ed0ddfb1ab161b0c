using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Threeport.Agent.Objects;
using Threeport.Kubernetes;

namespace Threeport.Agent.Watching;

/// <summary>
/// One list and watch of one type for as long as it is wanted: goes on from the last version seen when the server ends it,
/// lists again when that is too long ago, tries again when the server is away or the type is not there.
/// </summary>
internal sealed partial class ResourceWatch<T>(
    ClusterClient cluster,
    ObjectType type,
    ListQuery query,
    IWatchSink<T> sink,
    TimeProvider time,
    ILogger log
)
    where T : class
{
    /// <summary>The server sends a bookmark about every minute: one that is silent for longer is not to be trusted.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(100);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), time);
    private readonly Channel<bool> _poke = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private string? _version;
    private string? _problem;

    /// <summary>A type that is not there may be there now.</summary>
    public void Poke() => _poke.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await cluster.FindResourceAsync(type.ApiVersion, type.Kind, cancellationToken) is not { } resource)
                {
                    _version = null;
                    sink.Unserved();
                    Report("the cluster does not have it");
                    await RestAsync(asked: null, cancellationToken);
                    continue;
                }

                _version ??= await ListAsync(resource, cancellationToken);
                await FollowAsync(resource, cancellationToken);
            }
            catch (KubernetesException exception)
            {
                await RecoverAsync(exception, cancellationToken);
            }
            catch (System.Text.Json.JsonException exception)
            {
                _version = null;
                Report(exception.Message);
                await RestAsync(asked: null, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<string> ListAsync(ApiResource resource, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        var version = "";
        await foreach (var page in cluster.PagesAsync(resource, query, cancellationToken))
        {
            all.AddRange(page.Items.Select(sink.Distill).OfType<T>());
            version = page.ResourceVersion;
        }

        sink.Replace(all);
        Report(problem: null);
        return version;
    }

    private async Task FollowAsync(ApiResource resource, CancellationToken cancellationToken)
    {
        // Spread, so that the watches of many types do not all end at once.
        var duration = TimeSpan.FromSeconds(Random.Shared.Next(240, 360));
        using var silent = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, cancellationToken);
        var started = time.GetTimestamp();
        try
        {
            await foreach (var change in cluster.WatchAsync(resource, query, _version!, duration, either.Token))
            {
                silent.CancelAfter(Silence);
                _backoff.Reset();
                Tell(change);
                _version = change.ResourceVersion;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogSilent(type);
        }

        // A server that ends each watch at once must not be asked in a tight loop.
        if (time.GetElapsedTime(started) < TimeSpan.FromSeconds(1))
        {
            await RestAsync(asked: null, cancellationToken);
        }
        else
        {
            _backoff.Reset();
        }
    }

    private void Tell(WatchEvent change)
    {
        if (change.Type is WatchEventType.Bookmark || sink.Distill(change.Object) is not { } one)
        {
            return;
        }

        if (change.Type is WatchEventType.Deleted)
        {
            sink.Remove(one);
        }
        else
        {
            sink.Put(one);
        }
    }

    private async Task RecoverAsync(KubernetesException exception, CancellationToken cancellationToken)
    {
        if (exception.IsGone)
        {
            LogRelist(type);
            _version = null;
        }
        else if (exception.Status is 401 or 403)
        {
            _version = null;
            sink.Denied(exception.Message);
            Report(exception.Message);
        }
        else if (!exception.IsTransient)
        {
            _version = null;
            Report(exception.Message);
        }
        else
        {
            Report(exception.Message);
        }

        await RestAsync(exception.RetryAfter, cancellationToken);
    }

    private async Task RestAsync(TimeSpan? asked, CancellationToken cancellationToken)
    {
        using var alarm = new CancellationTokenSource(_backoff.Next(asked), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellationToken);
        try
        {
            await _poke.Reader.ReadAsync(either.Token);
            _backoff.Reset();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Rested.
        }
    }

    /// <summary>Says once what is wrong, and once that it is over.</summary>
    private void Report(string? problem)
    {
        if (problem == _problem)
        {
            return;
        }

        _problem = problem;
        if (problem is null)
        {
            LogWatching(type);
        }
        else
        {
            LogProblem(type, problem);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Watching {Type} again")]
    private partial void LogWatching(ObjectType type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot watch {Type} just now: {Problem}")]
    private partial void LogProblem(ObjectType type, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listing {Type} again: the last version seen is too old")]
    private partial void LogRelist(ObjectType type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watch of {Type} was silent for too long; starting another")]
    private partial void LogSilent(ObjectType type);
}
