using Threeport.Agent.Objects;
using Threeport.Kubernetes;

namespace Threeport.Agent.Workloads;

/// <summary>How an applied object differs from what was applied.</summary>
internal enum DriftKind
{
    None,
    Changed,
    Deleted,
}

/// <summary>
/// Compares with what was applied. What the custom resource says and what the watches see come by different ways, so a
/// difference counts only once it has lasted for <see cref="Settling"/>. Not safe to share.
/// </summary>
internal sealed class Drift(TimeProvider time)
{
    public static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<ObjectReference, long> _since = [];

    /// <returns>The difference that counts, and after how long to look again when one does not count yet.</returns>
    public (DriftKind Kind, TimeSpan? Again) Of(AppliedObject applied, TrackedObject? seen)
    {
        if (Difference(applied, seen) is var difference && difference is DriftKind.None)
        {
            _since.Remove(applied.Reference);
            return (DriftKind.None, null);
        }

        if (!_since.TryGetValue(applied.Reference, out var since))
        {
            since = time.GetTimestamp();
            _since[applied.Reference] = since;
        }

        var left = Settling - time.GetElapsedTime(since);
        return left > TimeSpan.Zero ? (DriftKind.None, left) : (difference, null);
    }

    /// <summary>Forgets objects that are no longer asked for.</summary>
    public void Keep(IReadOnlyCollection<ObjectReference> references)
    {
        foreach (var gone in _since.Keys.Where(r => !references.Contains(r)).ToList())
        {
            _since.Remove(gone);
        }
    }

    private static DriftKind Difference(AppliedObject applied, TrackedObject? seen) =>
        (applied.FieldsHash, seen) switch
        {
            // Not applied yet, as far as is known.
            (null, _) => DriftKind.None,
            (_, null) => DriftKind.Deleted,
            var (hash, there) when there.FieldsHash != hash => DriftKind.Changed,
            _ => DriftKind.None,
        };
}
