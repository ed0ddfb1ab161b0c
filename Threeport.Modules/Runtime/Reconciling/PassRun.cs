using Microsoft.Extensions.Logging;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>How a pass came out, for the metric and the acknowledgement.</summary>
internal enum PassEnd
{
    /// <summary>There was nothing to do here: gone, or another pass is at it and will be followed by a new one.</summary>
    Nothing,

    /// <summary>Ready is True.</summary>
    Ready,

    /// <summary>Ready is not True.</summary>
    Waiting,

    /// <summary>The resource was removed.</summary>
    Removed,

    /// <summary>It threw, and is retried.</summary>
    Failed,

    /// <summary>The process stops; whoever is left goes on.</summary>
    HandedBack,

    /// <summary>Another replica has taken over.</summary>
    Taken,

    /// <summary>The API layer could not be told; the message is to be delivered again.</summary>
    Unknown,
}

/// <summary>One pass from its lease to its end. The only place where an outcome gets a meaning.</summary>
internal sealed partial class PassRun<T>(
    IPasses passes,
    IReconciler<T> reconciler,
    Node node,
    ControllerOptions options,
    TimeProvider time,
    Random random,
    ILogger<Controller<T>> logger
)
    where T : Resource, IKind
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BeginLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AbortGrace = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan AbortedEndLimit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private readonly Guid _reconcileId = Guid.CreateVersion7();

    /// <param name="id">The resource.</param>
    /// <param name="abort">Fires when the process can wait no longer.</param>
    public async Task<PassEnd> RunAsync(Guid id, CancellationToken abort)
    {
        var (begun, askedAt) = await BeginAsync(id, abort);
        if (begun is null)
        {
            return PassEnd.Nothing;
        }

        await using var lease = new HeldLease<T>(passes, id, begun.Epoch, askedAt, time, logger);
        var pass = new Pass<T>(
            begun.Resource,
            begun.Epoch,
            (resource, cancellationToken) => passes.CheckpointAsync(resource, begun.Epoch, cancellationToken)
        )
        {
            IsAfresh = begun.Afresh,
        };
        var before = begun.Resource.Ready;
        var (end, outcome) = await ReconcileAsync(pass, begun.Failures, lease, abort);
        if (outcome is null)
        {
            return end;
        }

        end = await EndAsync(pass, outcome, lease, end, abort);
        LogChange(pass.Resource, before, outcome, end);
        return end;
    }

    /// <summary>Tries for a while: a message that is given back at once would come again at once.</summary>
    private async Task<(BegunPass<T>? Pass, long AskedAt)> BeginAsync(Guid id, CancellationToken abort)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var askedAt = time.GetTimestamp();
            using var patience = new CancellationTokenSource(CallLimit, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(abort, patience.Token);
            try
            {
                return (await passes.BeginAsync<T>(id, node.OwnerOf(_reconcileId), limit.Token), askedAt);
            }
            catch (Exception exception)
                when (!abort.IsCancellationRequested && time.GetElapsedTime(start) < BeginLimit - CallLimit)
            {
                LogNotBegun(T.Singular, id, exception.Message);
            }

            await Task.Delay(RetryAfter * 2, time, abort);
        }
    }

    /// <returns>No outcome when nothing this pass did may count.</returns>
    private async Task<(PassEnd End, PassOutcome? Outcome)> ReconcileAsync(
        Pass<T> pass,
        int failures,
        HeldLease<T> lease,
        CancellationToken abort
    )
    {
        using var timeout = new CancellationTokenSource(options.PassTimeout, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(abort, timeout.Token, lease.Lost);
        using var abandon = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var grace = cancel.Token.Register(() =>
            abandon.CancelAfter(abort.IsCancellationRequested ? AbortGrace : ControllerOptions.Grace)
        );
        try
        {
            var result = await CallAsync(pass, cancel.Token, abandon.Token);
            var outcome = Outcomes.Of(pass, result);
            return (
                outcome.Remove ? PassEnd.Removed
                : result.IsReady ? PassEnd.Ready
                : PassEnd.Waiting,
                outcome
            );
        }
        catch (Exception exception) when (exception is PassLostException || lease.Lost.IsCancellationRequested)
        {
            return (exception is PassLostException || lease.Taken ? PassEnd.Taken : PassEnd.Unknown, null);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            return (PassEnd.HandedBack, Outcomes.HandedBack(pass));
        }
        catch (Exception exception)
        {
            var message =
                exception is OperationCanceledException && timeout.IsCancellationRequested
                    ? $"The pass took longer than {options.PassTimeout.TotalSeconds:0} s."
                    : exception.Message;
            var backoff = Backoff.After(failures, random.NextDouble());
            LogFailed(exception, T.Singular, pass.Resource.Name, _reconcileId, failures + 1, backoff);
            return (PassEnd.Failed, Outcomes.Failed(pass, message, backoff));
        }
    }

    /// <summary>A reconciler that does not heed its token is left behind, so that the outcome is still written.</summary>
    private async Task<Result> CallAsync(Pass<T> pass, CancellationToken cancellationToken, CancellationToken abandon)
    {
        var call = pass.Resource.DeletionRequestedAt is null
            ? reconciler.ReconcileAsync(pass, cancellationToken).AsTask()
            : reconciler.FinalizeAsync(pass, cancellationToken).AsTask();
        try
        {
            return await call.WaitAsync(abandon);
        }
        catch (OperationCanceledException) when (!call.IsCompleted)
        {
            LogAbandoned(T.Singular, pass.Resource.Name, _reconcileId);
            _ = call.ContinueWith(static t => t.Exception, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Tried again while the lease holds: work that was done shall not go unrecorded because of a hiccup.</summary>
    private async Task<PassEnd> EndAsync(
        Pass<T> pass,
        PassOutcome outcome,
        HeldLease<T> lease,
        PassEnd end,
        CancellationToken abort
    )
    {
        using var patience = new CancellationTokenSource(
            abort.IsCancellationRequested ? AbortedEndLimit : ControllerOptions.Grace,
            time
        );
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, lease.Lost);
        while (true)
        {
            try
            {
                await passes.EndAsync(pass.Resource, pass.Epoch, outcome, limit.Token);
                return end;
            }
            catch (PassLostException)
            {
                return PassEnd.Taken;
            }
            catch (Exception exception) when (limit.IsCancellationRequested || IsRefusal(exception))
            {
                LogNotEnded(exception, T.Singular, pass.Resource.Name, _reconcileId);
                return PassEnd.Unknown;
            }
            catch (Exception exception)
            {
                LogEndRetried(T.Singular, pass.Resource.Name, exception.Message);
            }

            await Task.Delay(RetryAfter, time, limit.Token)
                .ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
                );
        }
    }

    private static bool IsRefusal(Exception exception) =>
        exception is ProblemException { Problem.Status: >= 400 and < 500 and not 409 and not 429 };

    private void LogChange(T resource, Condition before, PassOutcome outcome, PassEnd end)
    {
        if (end is PassEnd.Removed)
        {
            LogRemoved(T.Singular, resource.Name);
        }
        else if (
            end is PassEnd.Ready or PassEnd.Waiting
            && outcome.Conditions[0] is var after
            && (after.Status, after.Reason) != (before.Status, before.Reason)
        )
        {
            LogNow(T.Singular, resource.Name, after.Reason, after.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Name}: {Reason} {Message}")]
    private partial void LogNow(string kind, string name, string reason, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Name}: removed")]
    private partial void LogRemoved(string kind, string name);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Kind} {Name}: pass {ReconcileId} failed, {Failures} in a row, again in {Backoff}"
    )]
    private partial void LogFailed(
        Exception exception,
        string kind,
        string name,
        Guid reconcileId,
        int failures,
        TimeSpan backoff
    );

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Kind} {Name}: pass {ReconcileId} did not stop when told to and was left behind"
    )]
    private partial void LogAbandoned(string kind, string name, Guid reconcileId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Kind} {Name}: what pass {ReconcileId} concluded could not be stored"
    )]
    private partial void LogNotEnded(Exception exception, string kind, string name, Guid reconcileId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Name}: storing the outcome is tried again: {Reason}")]
    private partial void LogEndRetried(string kind, string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Id}: beginning a pass is tried again: {Reason}")]
    private partial void LogNotBegun(string kind, Guid id, string reason);
}
