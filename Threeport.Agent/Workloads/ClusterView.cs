using Threeport.Agent.Objects;
using Threeport.Agent.Reporting;
using Threeport.Kubernetes;

namespace Threeport.Agent.Workloads;

/// <summary>
/// What is known of the cluster: the workloads to look at and their objects, distilled. Fed by the watches, read by the
/// reporter; safe to share. Every change marks the workload that it concerns.
/// </summary>
internal sealed class ClusterView(string runtime, DirtyWorkloads dirty, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _workloads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<ObjectReference, TrackedObject>> _objects = new(
        StringComparer.Ordinal
    );
    private readonly Dictionary<string, TrackedObject> _byUid = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectType, TypeState> _types = [];
    private readonly Dictionary<ObjectType, int> _needed = [];

    private sealed record Entry(WorkloadSpec Spec, Drift Drift);

    public (int Workloads, int Objects) Counts
    {
        get
        {
            lock (_gate)
            {
                return (_workloads.Count, _byUid.Count);
            }
        }
    }

    /// <summary>The types that some workload names, and the two that are always looked at.</summary>
    public IReadOnlyList<ObjectType> NeededTypes
    {
        get
        {
            lock (_gate)
            {
                return _workloads.Count == 0
                    ? []
                    :
                    [
                        .. _needed
                            .Keys.SelectMany(Along)
                            .Append(ObjectType.Pod)
                            .Append(ObjectType.ReplicaSet)
                            .Distinct(),
                    ];
            }
        }
    }

    public void Put(WorkloadSpec workload)
    {
        lock (_gate)
        {
            var drift = _workloads.GetValueOrDefault(workload.Id)?.Drift ?? new(time);
            Uncount(workload.Id);
            drift.Keep([.. workload.Objects.Select(static o => o.Reference)]);
            _workloads[workload.Id] = new(workload, drift);
            foreach (var type in Types(workload))
            {
                _needed[type] = _needed.GetValueOrDefault(type) + 1;
            }

            dirty.Mark(workload.Id);
        }
    }

    public void Remove(string id)
    {
        lock (_gate)
        {
            Uncount(id);
            _workloads.Remove(id);
        }
    }

    /// <summary>After a list: these are all the workloads.</summary>
    public void Replace(IReadOnlyCollection<WorkloadSpec> workloads)
    {
        lock (_gate)
        {
            var ids = workloads.Select(static w => w.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _workloads.Keys.Where(id => !ids.Contains(id)).ToList())
            {
                Remove(gone);
            }

            foreach (var workload in workloads)
            {
                Put(workload);
            }
        }
    }

    public void Put(TrackedObject content)
    {
        lock (_gate)
        {
            if (_byUid.TryGetValue(content.Uid, out var before) && before.Instance != content.Instance)
            {
                Remove(before);
            }

            if (!_objects.TryGetValue(content.Instance, out var objects))
            {
                objects = [];
                _objects[content.Instance] = objects;
            }

            if (objects.TryGetValue(content.Reference, out var replaced) && replaced.Uid != content.Uid)
            {
                _byUid.Remove(replaced.Uid);
            }

            objects[content.Reference] = content;
            _byUid[content.Uid] = content;
            MarkIfAsked(content.Instance);
        }
    }

    public void Remove(TrackedObject content)
    {
        lock (_gate)
        {
            // Another object of the same name may have come already.
            if (!_byUid.Remove(content.Uid, out var known))
            {
                return;
            }

            var objects = _objects[known.Instance];
            objects.Remove(known.Reference);
            if (objects.Count == 0)
            {
                _objects.Remove(known.Instance);
            }

            MarkIfAsked(known.Instance);
        }
    }

    /// <summary>After a list: these are all the objects of the type.</summary>
    public void Replace(ObjectType type, IReadOnlyCollection<TrackedObject> objects)
    {
        lock (_gate)
        {
            var uids = objects.Select(static o => o.Uid).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _byUid.Values.Where(o => o.Type == type && !uids.Contains(o.Uid)).ToList())
            {
                Remove(gone);
            }

            foreach (var content in objects)
            {
                Put(content);
            }

            SetState(type, TypeState.Listed);
        }
    }

    /// <summary>Its objects cannot be seen, or not yet.</summary>
    public void SetState(ObjectType type, TypeState state)
    {
        lock (_gate)
        {
            if (_types.GetValueOrDefault(type, TypeState.Unknown) == state)
            {
                return;
            }

            _types[type] = state;
            if (!state.IsServed || state.Problem is not null)
            {
                Drop(type);
            }

            MarkAll();
        }
    }

    /// <summary>The type is no longer watched.</summary>
    public void Forget(ObjectType type)
    {
        lock (_gate)
        {
            _types.Remove(type);
            Drop(type);
        }
    }

    public void MarkAll()
    {
        lock (_gate)
        {
            foreach (var id in _workloads.Keys)
            {
                dirty.Mark(id);
            }
        }
    }

    /// <returns>The object with that uid and the name of its workload instance; null when no workload has it.</returns>
    public (TrackedObject Object, string Workload, bool IsApplied)? Find(string uid)
    {
        lock (_gate)
        {
            return
                _byUid.TryGetValue(uid, out var found)
                && _workloads.GetValueOrDefault(found.Instance) is { Spec: var workload }
                ? (found, workload.Name, workload.Objects.Any(o => o.Reference == found.Reference))
                : null;
        }
    }

    /// <returns>What there is to say of the workload; null when it is gone, or when not all that it names has been listed yet.</returns>
    public WorkloadObservationSpec? Observe(string id)
    {
        lock (_gate)
        {
            if (_workloads.GetValueOrDefault(id) is not { } entry || !IsKnown(entry.Spec))
            {
                return null;
            }

            var objects = _objects.GetValueOrDefault(id) ?? [];
            var applied = entry.Spec.Objects.Select(o => Applied(id, entry, o, objects)).ToList();
            var named = entry.Spec.Objects.Select(static o => o.Reference).ToHashSet();
            return WorkloadTree.Build(
                entry.Spec,
                runtime,
                applied,
                [.. objects.Values.Where(o => !named.Contains(o.Reference))]
            );
        }
    }

    private AppliedState Applied(
        string id,
        Entry entry,
        AppliedObject wanted,
        Dictionary<ObjectReference, TrackedObject> objects
    )
    {
        var state = _types.GetValueOrDefault(wanted.Type, TypeState.Unknown);
        var seen = objects.GetValueOrDefault(wanted.Reference);
        if (state.Problem is not null)
        {
            return new(wanted, seen, DriftKind.None, state);
        }

        var (drift, again) = entry.Drift.Of(wanted, seen);
        if (again is { } delay)
        {
            dirty.MarkAfter(id, delay);
        }

        return new(wanted, seen, drift, state);
    }

    private bool IsKnown(WorkloadSpec workload) =>
        Types(workload)
            .SelectMany(Along)
            .Append(ObjectType.Pod)
            .Append(ObjectType.ReplicaSet)
            .All(type => _types.GetValueOrDefault(type, TypeState.Unknown).IsKnown);

    private void Uncount(string id)
    {
        foreach (var type in _workloads.GetValueOrDefault(id) is { } entry ? Types(entry.Spec) : [])
        {
            if (--_needed[type] == 0)
            {
                _needed.Remove(type);
            }
        }
    }

    private void Drop(ObjectType type)
    {
        foreach (var content in _byUid.Values.Where(o => o.Type == type).ToList())
        {
            Remove(content);
        }
    }

    private void MarkIfAsked(string id)
    {
        if (_workloads.ContainsKey(id))
        {
            dirty.Mark(id);
        }
    }

    /// <summary>A type, and the one that its objects make on the way to their pods.</summary>
    private static IEnumerable<ObjectType> Along(ObjectType type) =>
        type is { Group: "batch", Kind: "CronJob" } ? [type, ObjectType.Job] : [type];

    private static IEnumerable<ObjectType> Types(WorkloadSpec workload) =>
        workload.Objects.Select(static o => o.Type).Distinct();
}
