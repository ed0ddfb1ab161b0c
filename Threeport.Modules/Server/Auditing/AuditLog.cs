using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NpgsqlTypes;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Storage;

namespace Threeport.Server.Auditing;

/// <summary>
/// Notes what the history does not: what was denied, and what is done to no resource. The history is the other half of the audit,
/// since every change of a resource is stored with its row there, in one transaction.
/// </summary>
internal sealed partial class AuditLog(PrimaryDatabase database, TimeProvider time, ILogger<AuditLog> logger)
    : BackgroundService
{
    private const int MaxBatch = 500;
    private const int MaxText = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>Whoever is denied a thousand times a second is not to be able to stop the API with it: what does not fit is counted.</summary>
    private readonly Channel<AuditEntry> _denied = Channel.CreateBounded<AuditEntry>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true }
    );

    /// <summary>Notes that a request was refused; stored within a moment, and not waited for.</summary>
    public void Denied(HttpContext context, Caller? caller, Problem problem)
    {
        var entry = New(caller, context.Request.Method, Cut(context.Request.Path.Value ?? ""), allowed: false) with
        {
            From = context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
            Detail = Cut(problem.Detail ?? problem.Title),
        };
        if (!_denied.Writer.TryWrite(entry))
        {
            ServerMetrics.AuditDropped.Add(1);
        }
    }

    /// <summary>Stores that something was done to a subsystem.</summary>
    public Task DoneAsync(
        Caller caller,
        string verb,
        string target,
        string name,
        string? detail,
        CancellationToken cancellationToken
    ) =>
        StoreAsync(
            [New(caller, verb, target, allowed: true) with { Name = Cut(name), Detail = detail }],
            cancellationToken
        );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<AuditEntry>();
        while (await WaitAsync(stoppingToken) || _denied.Reader.TryPeek(out _))
        {
            while (batch.Count < MaxBatch && _denied.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            if (await TryStoreAsync(batch, stoppingToken))
            {
                batch.Clear();
            }
        }
    }

    /// <summary>After a stop, what is there is still stored.</summary>
    private async Task<bool> WaitAsync(CancellationToken stoppingToken)
    {
        try
        {
            var more = await _denied.Reader.WaitToReadAsync(stoppingToken);
            await Task.Delay(Pause, time, stoppingToken);
            return more;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> TryStoreAsync(List<AuditEntry> batch, CancellationToken stoppingToken)
    {
        try
        {
            await StoreAsync(batch, CancellationToken.None);
            return true;
        }
        catch (Exception exception) when (!Database.IsAway(exception))
        {
            // Nothing that somebody sends may end the process, or stand in the way of what comes after it.
            LogLost(exception, batch.Count);
            return true;
        }
        catch (Exception exception)
        {
            LogNotStored(batch.Count, exception.Message);
            await Task.Delay(TryAgainAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Told to stop and no database: they are in the log by their number, and lost.
            return stoppingToken.IsCancellationRequested;
        }
    }

    private async Task StoreAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            insert into {Tables.Audit} (id, at, actor, origin, verb, target, name, allowed, detail)
            select * from unnest ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """
        );
        Add(NpgsqlDbType.Uuid, entries.Select(static e => e.Id).ToArray());
        Add(NpgsqlDbType.TimestampTz, entries.Select(static e => e.At.UtcDateTime).ToArray());
        Add(NpgsqlDbType.Text, entries.Select(static e => e.Actor).ToArray());
        Add(NpgsqlDbType.Text, entries.Select(static e => e.From).ToArray());
        Add(NpgsqlDbType.Text, entries.Select(static e => e.Verb).ToArray());
        Add(NpgsqlDbType.Text, entries.Select(static e => e.Target).ToArray());
        Add(NpgsqlDbType.Text, entries.Select(static e => e.Name).ToArray());
        Add(NpgsqlDbType.Boolean, entries.Select(static e => e.Allowed).ToArray());
        Add(NpgsqlDbType.Text, entries.Select(static e => e.Detail).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);

        void Add(NpgsqlDbType type, object values) =>
            command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private AuditEntry New(Caller? caller, string verb, string target, bool allowed)
    {
        var now = time.GetUtcNow();
        return new()
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            Actor = caller?.Name ?? "",
            From = caller?.From ?? "",
            Verb = verb,
            Target = target,
            Allowed = allowed,
        };
    }

    /// <summary>NUL is no text to PostgreSQL, nor is half of a surrogate pair, which cutting may leave.</summary>
    private static string Cut(string text)
    {
        var clean = text.Replace("\0", "\\0", StringComparison.Ordinal);
        var cut = clean.Length > MaxText ? clean[..MaxText] + "…" : clean;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut));
    }

    [LoggerMessage(LogLevel.Error, "{Count} refused requests could not be stored in the audit")]
    private partial void LogLost(Exception exception, int count);

    [LoggerMessage(LogLevel.Warning, "{Count} refused requests are not in the audit yet: {Reason}")]
    private partial void LogNotStored(int count, string reason);
}
