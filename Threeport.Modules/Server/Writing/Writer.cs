using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Outbox;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>
/// Writes with group commit: whatever is waiting, up to <see cref="MaxBatch"/> operations, shares a transaction; an operation
/// that comes alone is written at once. Order is kept. An operation that fails is answered alone.
/// </summary>
internal sealed partial class Writer(IWriteStore store, Relay relay, TimeProvider time, ILogger<Writer> logger)
    : BackgroundService
{
    private const int MaxBatch = 128;
    private const int MaxWaiting = 4_096;
    private const int MaxAttempts = 5;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly Channel<Operation> _waiting = Channel.CreateBounded<Operation>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true }
    );

    /// <summary>Returns when the operation is in the database.</summary>
    /// <exception cref="ProblemException">It was refused, or the database is away.</exception>
    public async Task WriteAsync(Operation operation, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("write");
        if (!_waiting.Writer.TryWrite(operation))
        {
            using var patience = new CancellationTokenSource(Timeout, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            try
            {
                await _waiting.Writer.WriteAsync(operation, limit.Token);
            }
            catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new ProblemException(Problems.Unavailable("Too many writes are waiting. Try again."));
            }
        }

        await operation.WaitAsync(cancellationToken);
    }

    /// <summary>Writes until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Operation>(MaxBatch);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var operation))
                {
                    batch.Add(operation);
                }

                await WriteBatchAsync(batch);
                batch.Clear();
            }
        }
        finally
        {
            _waiting.Writer.TryComplete();
            while (_waiting.Reader.TryRead(out var operation))
            {
                operation.Fail(new ProblemException(Problems.Unavailable("The control plane is stopping. Try again.")));
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    private async Task WriteBatchAsync(List<Operation> batch)
    {
        foreach (var cancelled in batch.Where(static o => o.Cancelled.IsCancellationRequested).ToList())
        {
            cancelled.Fail(new OperationCanceledException(cancelled.Cancelled));
            batch.Remove(cancelled);
        }

        if (batch.Count == 0 || await TryCommitAsync(batch) is not { } failure)
        {
            return;
        }

        if (!MayGoAwayByItself(failure) && Database.IsAway(failure))
        {
            // For all of them: to ask one after the other would keep each waiting for the time-outs of those before it, and
            // one that was stored after all, its answer lost, would be refused as a repetition.
            foreach (var operation in batch)
            {
                operation.Fail(ToProblem(failure));
            }
        }
        else if (batch.Count > 1)
        {
            // One of them spoilt it for all: each on its own, so that only that one fails.
            foreach (var operation in batch)
            {
                await WriteAloneAsync(operation);
            }
        }
        else
        {
            await WriteAloneAsync(batch[0], failure);
        }
    }

    private async Task WriteAloneAsync(Operation operation, Exception? failure = null)
    {
        for (var attempt = failure is null ? 0 : 1; attempt < MaxAttempts; attempt++)
        {
            if (failure is not null && !MayGoAwayByItself(failure))
            {
                break;
            }

            failure = await TryCommitAsync([operation]);
            if (failure is null)
            {
                return;
            }
        }

        operation.Fail(ToProblem(failure!));
    }

    /// <returns>Null when every operation was answered; else why the transaction failed: then none was written.</returns>
    private async Task<Exception?> TryCommitAsync(List<Operation> batch)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        try
        {
            await CommitAsync(batch, timeout.Token);
            return null;
        }
        catch (Exception e)
        {
            LogFailed(e, batch.Count);
            return e;
        }
    }

    private async Task CommitAsync(List<Operation> batch, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginAsync(batch, cancellationToken);
        var snapshot = transaction.Snapshot;
        var changes = new Changes(snapshot);
        var refused = new List<(Operation, Exception)>();
        foreach (var operation in batch)
        {
            var own = new Changes(snapshot, changes);
            try
            {
                Activity.Current = operation.Activity;
                operation.Decide(own);
                changes.Join(own);
            }
            catch (Exception e)
            {
                refused.Add((operation, e));
            }
        }

        await transaction.CommitAsync(changes, cancellationToken);
        ServerMetrics.BatchSize.Record(batch.Count);
        ServerMetrics.WritesWaiting.Record(_waiting.Reader.Count);
        relay.Wake(changes.Outbox);
        relay.WakeAt(changes.Ended.Values.Min(static e => e.RequeueAfter));
        foreach (var (operation, exception) in refused)
        {
            operation.Fail(exception);
        }

        foreach (var operation in batch)
        {
            operation.Complete();
        }
    }

    /// <summary>Somebody else wrote meanwhile; what is there now decides anew.</summary>
    private static bool MayGoAwayByItself(Exception exception) =>
        Postgres(exception)?.SqlState
            is PostgresErrorCodes.UniqueViolation
                or PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.SerializationFailure;

    private static Exception ToProblem(Exception exception) =>
        exception switch
        {
            ProblemException => exception,
            _ when MayGoAwayByItself(exception) => new ProblemException(
                Problems.Conflict("Others keep changing the same resource. Try again.")
            ),
            _ when Database.IsAway(exception) => new ProblemException(Database.Away),
            _ => exception,
        };

    private static PostgresException? Postgres(Exception? exception) =>
        exception is null or PostgresException ? exception as PostgresException : Postgres(exception.InnerException);

    [LoggerMessage(LogLevel.Debug, "A transaction of {Count} operations failed.")]
    private partial void LogFailed(Exception exception, int count);
}
