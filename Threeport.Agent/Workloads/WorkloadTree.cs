using Threeport.Agent.Health;
using Threeport.Agent.Objects;
using Threeport.Agent.Reporting;

namespace Threeport.Agent.Workloads;

/// <summary>An applied object, as asked for and as seen.</summary>
/// <param name="Applied">As asked for.</param>
/// <param name="Seen">As seen; null when it is not there.</param>
/// <param name="Drift">The difference that counts.</param>
/// <param name="State">Of its type's watch.</param>
internal sealed record AppliedState(AppliedObject Applied, TrackedObject? Seen, DriftKind Drift, TypeState State);

/// <summary>
/// Makes one report of the objects of a workload: those that were applied, then what they made, each under its owner. Pure.
/// The workload is as its worst applied object; what an object made counts through it, and only while it is not well:
/// the pods that a finished rollout left behind are nobody's trouble.
/// </summary>
internal static class WorkloadTree
{
    /// <summary>Of what was made; the worst come first, so what is left out is well.</summary>
    public const int MaximumMade = 200;

    private const int MaximumMessage = 500;

    public static WorkloadObservationSpec Build(
        WorkloadSpec workload,
        string runtime,
        IReadOnlyList<AppliedState> applied,
        IReadOnlyCollection<TrackedObject> made
    )
    {
        var children = made.ToLookup(static o => o.Owner?.Uid ?? "", StringComparer.Ordinal);
        var rows = applied.Select(a => Judge(a, children)).ToList();
        var worst = rows.Where(static r => r.Assessment.Health > ObjectHealth.Healthy)
            .MaxBy(static r => r.Assessment.Health);
        return new()
        {
            WorkloadInstance = workload.Name,
            KubernetesRuntimeInstance = runtime,
            Health = Word(worst?.Assessment.Health ?? ObjectHealth.Healthy),
            Message = worst is null ? "" : Cut(Why(worst)),
            ReadyPods = rows.Sum(static r => r.Assessment.ReadyPods),
            WantedPods = rows.Sum(static r => r.Assessment.WantedPods),
            Objects = [.. rows.Select(Row), .. Shown(made).Select(Row)],
        };
    }

    private sealed record Judged(AppliedState State, Assessment Assessment, TrackedObject? Cause);

    private static Judged Judge(AppliedState state, ILookup<string, TrackedObject> children)
    {
        if (state.Seen is not { } seen)
        {
            return new(state, Absent(state), Cause: null);
        }

        var own = seen.Assessment;
        if (own.Health is ObjectHealth.Healthy || seen.IsTerminating)
        {
            return new(state, own, Cause: null);
        }

        var troubled = Descendants(seen.Uid, children)
            .Where(static o => o.Type == ObjectType.Pod && !o.IsTerminating)
            .Where(static o => o.Assessment.Health > ObjectHealth.Healthy && o.Assessment.Message.Length > 0)
            .OrderByDescending(static o => o.Assessment.Health)
            .ThenByDescending(static o => o.CreatedAt)
            .ThenBy(static o => o.Reference.Name, StringComparer.Ordinal)
            .ToList();
        return troubled.Count == 0 ? new(state, own, Cause: null) : Blame(state, own, troubled);
    }

    private static Judged Blame(AppliedState state, Assessment own, List<TrackedObject> troubled)
    {
        var cause = troubled[0];
        var same = troubled.Count(o => o.Assessment.Message == cause.Assessment.Message);
        var who = same == 1 ? cause.Reference.Name : $"{same} pods";
        var worse = cause.Assessment.Health > own.Health ? cause.Assessment.Health : own.Health;
        // The controller's own verdict, when it has one, says more than that a pod is on its way.
        var isPod = cause.Assessment.Health >= own.Health;
        var assessment = own with
        {
            Health = worse,
            Message = isPod ? $"{who}: {cause.Assessment.Message}" : own.Message,
        };
        return new(state, assessment, cause.Assessment.Health is ObjectHealth.Unhealthy ? cause : null);
    }

    private static Assessment Absent(AppliedState state) =>
        state switch
        {
            { State.Problem: { } problem } => Assessment.Progressing("Unknown", problem),
            { Drift: DriftKind.Deleted, State.IsServed: false } => new(
                ObjectHealth.Missing,
                "Missing",
                "is gone: the cluster no longer has its kind"
            ),
            { Drift: DriftKind.Deleted } => new(ObjectHealth.Missing, "Missing", "is gone: it was deleted"),
            { State.IsServed: false } => Assessment.Progressing("Missing", "the cluster does not have its kind yet"),
            _ => Assessment.Progressing("Missing", "is not there yet"),
        };

    /// <summary>A pod's trouble speaks for itself, a count needs its owner, anything else its object.</summary>
    private static string Why(Judged row)
    {
        var reference = row.State.Applied.Reference;
        var (message, health) = (row.Assessment.Message, row.Assessment.Health);
        if (row.Cause is { } cause && health is ObjectHealth.Unhealthy)
        {
            return $"{cause.Reference.Name}: {cause.Assessment.Message}";
        }

        // Where a pod is only on its way, how many are waited for says more.
        var own = row.State.Seen?.Assessment.Message ?? message;
        return health is ObjectHealth.Progressing && own.StartsWith("waiting for ", StringComparison.Ordinal)
            ? $"{own} of {reference.Kind} {reference.Name}"
            : $"{reference.Kind} {reference.Name}: {message}";
    }

    private static IEnumerable<TrackedObject> Descendants(string uid, ILookup<string, TrackedObject> children)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { uid };
        var next = new Queue<string>([uid]);
        while (next.TryDequeue(out var parent))
        {
            foreach (var child in children[parent].Where(c => seen.Add(c.Uid)))
            {
                yield return child;
                next.Enqueue(child.Uid);
            }
        }
    }

    /// <summary>
    /// Without the empty ReplicaSets that former versions leave, and without what nobody made and nobody asks for: that is
    /// what the control plane is about to remove.
    /// </summary>
    private static IEnumerable<TrackedObject> Shown(IEnumerable<TrackedObject> made) =>
        made.Where(static o => o.Owner is not null)
            .Where(static o => o.Type != ObjectType.ReplicaSet || o.Assessment.Summary != "0/0")
            .OrderByDescending(static o => o.Assessment.Health)
            .ThenBy(static o => o.Reference.Name, StringComparer.Ordinal)
            .Take(MaximumMade)
            .OrderBy(static o => o.Reference.Kind, StringComparer.Ordinal)
            .ThenBy(static o => o.Reference.Name, StringComparer.Ordinal);

    private static ObservedObject Row(Judged row)
    {
        var seen = row.State.Seen;
        var reference = row.State.Applied.Reference;
        return new()
        {
            ApiVersion = reference.ApiVersion,
            Kind = reference.Kind,
            Namespace = reference.Namespace,
            Name = reference.Name,
            Health = seen is null ? "Missing" : row.Assessment.Health.ToString(),
            Summary = row.Assessment.Summary,
            Message = Cut(row.Assessment.Message),
            CreatedAt = seen?.CreatedAt,
            FieldsHash = seen?.FieldsHash,
            Drift = row.State.Drift is DriftKind.None ? null : row.State.Drift.ToString(),
        };
    }

    private static ObservedObject Row(TrackedObject made) =>
        new()
        {
            ApiVersion = made.Reference.ApiVersion,
            Kind = made.Reference.Kind,
            Namespace = made.Reference.Namespace,
            Name = made.Reference.Name,
            Owner = made.Owner is { } owner ? $"{owner.Kind}/{owner.Name}" : null,
            Health = made.Assessment.Health.ToString(),
            Summary = made.Assessment.Summary,
            Message = Cut(made.Assessment.Message),
            CreatedAt = made.CreatedAt,
        };

    private static string Word(ObjectHealth health) =>
        health is ObjectHealth.Missing ? nameof(ObjectHealth.Unhealthy) : health.ToString();

    private static string Cut(string text) => text.Length <= MaximumMessage ? text : text[..(MaximumMessage - 1)] + "…";
}
