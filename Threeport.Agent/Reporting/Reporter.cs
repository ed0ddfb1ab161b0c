using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Threeport.Agent.Startup;
using Threeport.Agent.Watching;
using Threeport.Agent.Workloads;

namespace Threeport.Agent.Reporting;

/// <summary>
/// Tells the control plane what changed: many workloads in a request, each only when it differs from what was accepted last.
/// What is to be told is made when it is sent, so an outage costs no memory and ends with the newest.
/// </summary>
internal sealed partial class Reporter(
    ClusterView view,
    DirtyWorkloads dirty,
    ControlPlane api,
    AgentMetrics metrics,
    TimeProvider time,
    ILogger log
)
{
    private const int MaximumBatch = 100;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);

    /// <summary>All is told again this often, whatever the other side lost.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, string> _accepted = new(StringComparer.Ordinal);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), time);
    private long _sentAt;
    private long _refreshedAt = time.GetTimestamp();
    private bool _isAway;

    private sealed record Pending(string Id, AppliedResource Resource, string Hash);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await dirty.WaitAsync(cancellationToken);
            var rest = Gathering - time.GetElapsedTime(_sentAt);
            if (_sentAt != 0 && rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, cancellationToken);
            }

            RefreshIfDue();
            if (await SendBatchAsync(cancellationToken) is { IsTransient: true } answer)
            {
                await _backoff.WaitAsync(cancellationToken, answer.RetryAfter);
            }
        }
    }

    /// <summary>Sends what is left, as far as the other side takes it.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        while (dirty.Count > 0 && await SendBatchAsync(cancellationToken) is not { IsTransient: true }) { }
    }

    private void RefreshIfDue()
    {
        if (time.GetElapsedTime(_refreshedAt) > Refresh)
        {
            ForgetAccepted();
        }
    }

    private void ForgetAccepted()
    {
        _refreshedAt = time.GetTimestamp();
        _accepted.Clear();
        view.MarkAll();
    }

    /// <returns>The answer; null when there was nothing to say.</returns>
    private async Task<Answer?> SendBatchAsync(CancellationToken cancellationToken)
    {
        var batch = dirty.Take(MaximumBatch).Select(Prepare).OfType<Pending>().ToList();
        if (batch.Count == 0)
        {
            return null;
        }

        var answer = await ApplyAsync(batch, cancellationToken);
        if (answer is { IsDone: false, IsTransient: false } && batch.Count > 1)
        {
            // One of them is in the way of the others.
            foreach (var one in batch)
            {
                answer = await ApplyAsync([one], cancellationToken);
            }
        }

        return answer;
    }

    private Pending? Prepare(string id)
    {
        if (view.Observe(id) is not { } spec)
        {
            _accepted.Remove(id);
            return null;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(spec, WireJson.Default.WorkloadObservationSpec);
        var hash = Convert.ToHexString(SHA256.HashData(json));
        return _accepted.GetValueOrDefault(id) == hash
            ? null
            : new(id, new("workload-observation", spec.WorkloadInstance, spec), hash);
    }

    private async Task<Answer> ApplyAsync(List<Pending> batch, CancellationToken cancellationToken)
    {
        Answer answer;
        try
        {
            answer = await api.ApplyAsync([.. batch.Select(static p => p.Resource)], cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Return(batch);
            throw;
        }

        _sentAt = time.GetTimestamp();
        metrics.Reported(answer, batch.Count);
        if (answer.IsDone)
        {
            Accept(batch);
        }
        else if (answer.IsTransient)
        {
            Return(batch);
            NoteAway(answer);
        }
        else if (batch.Count == 1)
        {
            Refuse(batch[0], answer);
        }

        return answer;
    }

    private void Accept(List<Pending> batch)
    {
        foreach (var one in batch)
        {
            _accepted[one.Id] = one.Hash;
        }

        _backoff.Reset();
        if (_isAway)
        {
            // It may have come back with an older state than it had.
            _isAway = false;
            LogBack();
            ForgetAccepted();
        }
    }

    private void Return(List<Pending> batch)
    {
        foreach (var one in batch)
        {
            dirty.Mark(one.Id);
        }
    }

    /// <summary>Saying the same again will seldom help: it is told again when it changes, or with the next refresh.</summary>
    private void Refuse(Pending one, Answer answer)
    {
        _accepted[one.Id] = one.Hash;
        if (RetryOf(answer.Status) is { } delay)
        {
            _accepted.Remove(one.Id);
            dirty.MarkAfter(one.Id, delay);
        }

        LogRefused(one.Resource.Name, answer.Message);
    }

    /// <summary>A conflict is over soon; what we may do can change.</summary>
    private static TimeSpan? RetryOf(int status) =>
        status switch
        {
            409 or 412 => TimeSpan.FromSeconds(1),
            403 => TimeSpan.FromSeconds(30),
            _ => null,
        };

    private void NoteAway(Answer answer)
    {
        if (!_isAway)
        {
            _isAway = true;
            LogAway(answer.Message);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The control plane does not take reports just now; they wait: {Why}"
    )]
    private partial void LogAway(string why);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The control plane takes reports again; everything is told again"
    )]
    private partial void LogBack();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The control plane refuses the report on {Workload}: {Why}")]
    private partial void LogRefused(string workload, string why);
}
