using Microsoft.Extensions.Logging;
using Threeport.Agent.Events;
using Threeport.Agent.Reporting;
using Threeport.Agent.Watching;
using Threeport.Agent.Workloads;
using Threeport.Kubernetes;

namespace Threeport.Agent.Startup;

/// <summary>All that runs for as long as one connection to the cluster is good.</summary>
internal sealed class Session : IAsyncDisposable
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly ClusterClient _cluster;
    private readonly DirtyWorkloads _dirty;
    private readonly ObjectWatches _watches;
    private readonly ResourceWatch<WorkloadSpec> _workloads;
    private readonly ResourceWatch<ClusterEvent> _events;
    private readonly Reporter _reporter;
    private readonly EventReporter _eventReporter;
    private readonly Heartbeat _heartbeat;

    public Session(
        AgentOptions options,
        ClusterConnection connection,
        ControlPlane api,
        AgentMetrics metrics,
        TimeProvider time,
        ILogger log
    )
    {
        _time = time;
        _cluster = new(connection, time: time);
        _dirty = new(time);
        var view = new ClusterView(options.Runtime, _dirty, time);
        var queue = new EventQueue(view, time);
        _watches = new(_cluster, view, time, log);
        var orders = new ListQuery { LabelSelector = options.Scope.Selector };
        _workloads = new(_cluster, WorkloadSpec.Type, orders, new WorkloadSink(view, _watches), time, log);
        _events = new(_cluster, ClusterEvent.Kind, new() { PageSize = 200 }, new EventSink(queue), time, log);
        _reporter = new(view, _dirty, api, metrics, time, log);
        _eventReporter = new(queue, api, time, log);
        _heartbeat = new(options.Runtime, _cluster, view, api, time, log);
        metrics.Gauges(() =>
            [
                ("workloads", "Workloads looked at.", view.Counts.Workloads),
                ("objects", "Kubernetes objects looked at.", view.Counts.Objects),
                ("watches", "Types watched.", _watches.Count),
                ("workloads_waiting", "Workloads waiting to be reported.", _dirty.Count),
                ("events_dropped", "Events dropped because too many were waiting.", queue.Dropped),
            ]
        );
    }

    /// <summary>Runs until told to stop, then sends what is left. Throws what a part throws that should not have ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] parts =
        [
            _workloads.RunAsync(stop.Token),
            _events.RunAsync(stop.Token),
            _reporter.RunAsync(stop.Token),
            _eventReporter.RunAsync(stop.Token),
            _heartbeat.RunAsync(stop.Token),
        ];
        var first = await Task.WhenAny([.. parts, _watches.Failed]);
        await stop.CancelAsync();
        await Task.WhenAll(parts)
            .ContinueWith(
                static _ => { },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        if (!cancellationToken.IsCancellationRequested)
        {
            await first;
        }

        await FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _watches.DisposeAsync();
        _dirty.Dispose();
        _cluster.Dispose();
    }

    private async Task FlushAsync()
    {
        using var limit = new CancellationTokenSource(FlushTimeout, _time);
        try
        {
            await _reporter.FlushAsync(limit.Token);
            await _eventReporter.SendAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What is left is seen again by the next agent.
        }
    }
}
