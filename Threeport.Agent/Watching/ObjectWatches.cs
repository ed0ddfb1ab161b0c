using Microsoft.Extensions.Logging;
using Threeport.Agent.Objects;
using Threeport.Agent.Workloads;
using Threeport.Kubernetes;

namespace Threeport.Agent.Watching;

/// <summary>One watch for each type that some workload names, however many workloads there are.</summary>
internal sealed class ObjectWatches(ClusterClient cluster, ClusterView view, TimeProvider time, ILogger log)
    : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectType, Running> _running = [];
    private readonly List<Task> _ending = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Running(ResourceWatch<TrackedObject> Watch, CancellationTokenSource Stop, Task Task);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Ends, by throwing, when a watch ended that should not have.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Starts what is missing, stops what nobody names any more.</summary>
    public void Adjust()
    {
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            var needed = view.NeededTypes.ToHashSet();
            foreach (var (type, running) in _running.Where(r => !needed.Contains(r.Key)).ToList())
            {
                _running.Remove(type);
                _ending.RemoveAll(static t => t.IsCompleted);
                _ending.Add(EndAsync(type, running));
            }

            foreach (var type in needed)
            {
                if (_running.TryGetValue(type, out var running))
                {
                    running.Watch.Poke();
                }
                else
                {
                    _running[type] = Start(type);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        List<Task> all;
        lock (_gate)
        {
            all = [.. _ending, .. _running.Values.Select(static r => r.Task)];
        }

        await Task.WhenAll(all);
        _stop.Dispose();
    }

    private Running Start(ObjectType type)
    {
        var query = new ListQuery
        {
            LabelSelector = TrackedObject.InstanceLabel,
            MetadataOnly = !type.IsReadInFull,
            PageSize = 200,
        };
        var watch = new ResourceWatch<TrackedObject>(cluster, type, query, new ObjectSink(type, view), time, log);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        return new(watch, stop, RunAsync(watch, stop));
    }

    private async Task RunAsync(ResourceWatch<TrackedObject> watch, CancellationTokenSource stop)
    {
        // The caller holds the lock.
        await Task.Yield();
        try
        {
            await watch.RunAsync(stop.Token);
        }
        catch (Exception exception)
        {
            // A defect: better a process that ends and is started again than one that no longer sees a type.
            _failed.TrySetException(exception);
        }
    }

    private async Task EndAsync(ObjectType type, Running running)
    {
        await running.Stop.CancelAsync();
        await running.Task;
        running.Stop.Dispose();
        lock (_gate)
        {
            if (!_running.ContainsKey(type))
            {
                view.Forget(type);
            }
        }
    }
}
