using Threeport.Agent.Workloads;
using Threeport.Api;

namespace Threeport.Agent.Events;

/// <summary>
/// Kubernetes events on their way to their workloads: the same one told again replaces itself, those whose object is not known yet wait
/// a little, and what is waiting is bounded. Safe to share.
/// </summary>
internal sealed class EventQueue(ClusterView view, TimeProvider time)
{
    internal const int MaximumPerWorkload = 50;
    private const int MaximumWorkloads = 1_000;
    private const int MaximumStrangers = 1_000;

    /// <summary>An event may come before the object that it is about; not by more than this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, ResourceEventRecord>> _pending = new(StringComparer.Ordinal);
    private readonly Queue<(ClusterEvent Event, long At)> _strangers = new();

    /// <summary>Event → how often it had happened when it was queued, so that a list after a break tells nothing twice.</summary>
    private readonly Dictionary<string, int> _told = new(StringComparer.Ordinal);

    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Put(ClusterEvent one)
    {
        lock (_gate)
        {
            if (!TryQueue(one))
            {
                Hold(one);
            }
        }
    }

    /// <summary>The cluster has forgotten the event.</summary>
    public void Remove(ClusterEvent one)
    {
        lock (_gate)
        {
            _told.Remove(one.Uid);
        }
    }

    /// <summary>After a list: these are all the events that there are.</summary>
    public void Replace(IReadOnlyList<ClusterEvent> all)
    {
        lock (_gate)
        {
            var uids = all.Select(static e => e.Uid).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _told.Keys.Where(uid => !uids.Contains(uid)).ToList())
            {
                _told.Remove(gone);
            }

            foreach (var one in all)
            {
                Put(one);
            }
        }
    }

    /// <summary>Takes what is there for up to so many workloads.</summary>
    public IReadOnlyList<(string Workload, List<ResourceEventRecord> Events)> Take(int maximum)
    {
        lock (_gate)
        {
            Recall();
            var taken = _pending.Take(maximum).Select(static p => (p.Key, p.Value.Values.ToList())).ToList();
            foreach (var (workload, _) in taken)
            {
                _pending.Remove(workload);
            }

            return taken;
        }
    }

    /// <summary>They did not get through; what came meanwhile is newer.</summary>
    public void Return(string workload, IEnumerable<ResourceEventRecord> events)
    {
        lock (_gate)
        {
            foreach (var one in events)
            {
                Queue(workload, one, isNewer: false);
            }
        }
    }

    private bool TryQueue(ClusterEvent one)
    {
        if (view.Find(one.ObjectUid) is not { } found)
        {
            return false;
        }

        // What is routine for a pod is no news of the workload.
        if (!one.IsWarning && !found.IsApplied)
        {
            return true;
        }

        if (_told.GetValueOrDefault(one.Uid) < one.Count)
        {
            _told[one.Uid] = one.Count;
            Queue(found.Workload, one.For(found.Object), isNewer: true);
        }

        return true;
    }

    private void Queue(string workload, ResourceEventRecord one, bool isNewer)
    {
        if (!_pending.TryGetValue(workload, out var events))
        {
            if (_pending.Count >= MaximumWorkloads)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            events = new(StringComparer.Ordinal);
            _pending[workload] = events;
        }

        var key = $"{one.Type}/{one.Reason}/{one.Message}";
        if (events.ContainsKey(key) && !isNewer)
        {
            return;
        }

        if (events.Count >= MaximumPerWorkload && !events.ContainsKey(key))
        {
            Interlocked.Increment(ref _dropped);
            return;
        }

        events[key] = one;
    }

    private void Hold(ClusterEvent one)
    {
        _strangers.Enqueue((one, time.GetTimestamp()));
        if (_strangers.Count > MaximumStrangers)
        {
            _strangers.Dequeue();
        }
    }

    private void Recall()
    {
        for (var left = _strangers.Count; left > 0; left--)
        {
            var (one, at) = _strangers.Dequeue();
            if (!TryQueue(one) && time.GetElapsedTime(at) < Patience)
            {
                _strangers.Enqueue((one, at));
            }
        }
    }
}
