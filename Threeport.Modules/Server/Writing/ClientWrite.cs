using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Outbox;
using Threeport.Server.Resources;
using Threeport.Server.Storage;

namespace Threeport.Server.Writing;

/// <summary>A write that is parsed, completed and validated as far as it can be without what is stored.</summary>
/// <param name="Request">As the client stated it.</param>
/// <param name="Store">The kind's table.</param>
/// <param name="Proposed">Labels and spec as they are to be; null for a delete.</param>
/// <param name="BasedOn">The labels and spec that <paramref name="Proposed"/> was made from, as JSON; null when it stands alone.</param>
/// <param name="Prefix">What pointers of its errors begin with: <c>/resources/3</c> in an apply of many.</param>
internal sealed record PreparedWrite(
    WriteRequest Request,
    KindStore Store,
    Resource? Proposed,
    JsonNode? BasedOn,
    string Prefix
);

/// <summary>The writes of one request: all of them or none.</summary>
internal sealed class ClientWrite : Operation
{
    private readonly IReadOnlyList<PreparedWrite> _writes;
    private readonly KindStores _stores;
    private readonly Caller _caller;
    private readonly DateTimeOffset _now;
    private readonly bool _dryRun;

    public ClientWrite(
        IReadOnlyList<PreparedWrite> writes,
        KindStores stores,
        Caller caller,
        DateTimeOffset now,
        bool dryRun
    )
    {
        (_writes, _stores, _caller, _now, _dryRun) = (writes, stores, caller, now, dryRun);
        Targets = [.. writes.SelectMany(TargetsOf).Distinct()];
        Flags =
        [
            .. writes.SelectMany(static w =>
                w.Store.Kind.ExclusiveFlags.Where(f => w.Proposed is not null && HasFlag(w.Proposed, f))
                    .Select(f => (w.Store, f))
            ),
        ];
    }

    public override IReadOnlyList<Target> Targets { get; }

    public override IReadOnlyList<(KindStore Store, string Flag)> Flags { get; }

    /// <summary>In the order of the writes, once it is done.</summary>
    public IReadOnlyList<WriteResult> Results { get; private set; } = [];

    /// <summary>Set instead of results when what a write was made from has changed: make it anew.</summary>
    public bool Outdated { get; private set; }

    /// <summary>What agents report is taken, and what would be stored is shown, also while the control plane only observes.</summary>
    public override bool NeedsMode => !_dryRun && _writes.Any(static w => !AgentScope.IsReport(w.Store.Kind));

    public override void Decide(Changes changes)
    {
        (Outdated, Results) = (false, []);
        if (NeedsMode && changes.Snapshot.IsObserving)
        {
            throw Refusals.Observing();
        }

        var results = new List<WriteResult>(_writes.Count);
        var staged = _dryRun ? new Changes(changes.Snapshot, changes) : changes;
        foreach (var write in _writes)
        {
            var current = staged.Find(write.Store, write.Request.Name);
            if (write.BasedOn is { } basis && !JsonNode.DeepEquals(basis, current is null ? null : Basis(current)))
            {
                Outdated = true;
                throw new ProblemException(Problems.Conflict("Others keep changing the same resource. Try again."));
            }

            results.Add(
                write.Request.Verb is WriteVerb.Delete ? Delete(write, current, staged) : Put(write, current, staged)
            );
        }

        Results = results;
    }

    /// <summary>What a write is made from: labels and spec, whatever the status is.</summary>
    public static JsonNode Basis(Resource resource)
    {
        var spec = SpecProperties.Spec(resource);
        return new JsonObject
        {
            ["id"] = resource.Id.ToString(),
            ["labels"] = JsonSerializer.SerializeToNode(resource.Labels, ResourceJson.Wire),
            ["spec"] = JsonSerializer.SerializeToNode(spec, spec.GetType(), ResourceJson.Wire),
        };
    }

    private WriteResult Put(PreparedWrite write, Resource? current, Changes changes)
    {
        var (request, store) = (write.Request, write.Store);
        CheckCurrent(request, current);
        var resource = write.Proposed!;
        CheckFields(write, resource, current, changes);
        if (current is null)
        {
            return Create(write, resource, changes);
        }

        var specChanged = !SameJson.Are(
            SpecProperties.Spec(current),
            SpecProperties.Spec(resource),
            store.Kind.SpecType
        );
        if (!specChanged && SameLabels(current, resource))
        {
            return new(WriteAction.Unchanged, current);
        }

        CopyServerFields(current, resource);
        resource.Generation += specChanged ? 1 : 0;
        Stamp(store.Kind, resource);
        Stage(store, current, resource, request.Verb is WriteVerb.Patch ? "patch" : "put", specChanged, changes);
        return new(WriteAction.Updated, resource);
    }

    private WriteResult Create(PreparedWrite write, Resource resource, Changes changes)
    {
        if (resource.Id == Guid.Empty)
        {
            resource.Id = ResourceIds.Create(_now);
        }

        (resource.Generation, resource.Revision, resource.CreatedAt) = (1, 0, _now);
        Stamp(write.Store.Kind, resource);
        Stage(write.Store, null, resource, HistoryRow.Create, work: true, changes);
        return new(WriteAction.Created, resource);
    }

    private WriteResult Delete(PreparedWrite write, Resource? current, Changes changes)
    {
        var (request, store) = (write.Request, write.Store);
        if (current is null)
        {
            throw Refusals.NotFound(store.Kind, request.Name);
        }

        CheckIfMatch(request, current);
        if (current.DeletionRequestedAt is not null)
        {
            return new(WriteAction.Deleting, current);
        }

        var blockers = Blockers(store, request.Name, changes);
        if (blockers.Count > 0)
        {
            throw Refusals.InUse(store.Kind, request.Name, blockers);
        }

        var gone = current.Copy();
        gone.DeletionRequestedAt = _now;
        if (store.Kind.IsReconciled)
        {
            Stamp(store.Kind, gone);
            Stage(store, current, gone, "delete", work: true, changes);
            return new(WriteAction.Deleting, gone);
        }

        Removal.Stage(store, current, _caller, _now, changes);
        return new(WriteAction.Deleted, gone);
    }

    private static void CheckCurrent(WriteRequest request, Resource? current)
    {
        if (request.Verb is WriteVerb.Create && current is not null)
        {
            throw Refusals.NameTaken(request.Kind, request.Name);
        }

        if (current is null)
        {
            if (request.Verb is WriteVerb.Patch)
            {
                throw Refusals.NotFound(request.Kind, request.Name);
            }

            if (request.IfMatch is not null)
            {
                throw Refusals.NothingToMatch(request.Kind, request.Name);
            }

            return;
        }

        CheckIfMatch(request, current);
        // A patch means the resource that is there, and may be what its finaliser waits for: forceDelete of a runtime.
        if (current.DeletionRequestedAt is not null && request.Verb is not WriteVerb.Patch)
        {
            throw Refusals.BeingDeleted(request.Kind, request.Name);
        }
    }

    private static void CheckIfMatch(WriteRequest request, Resource current)
    {
        if (request.IfMatch is { } wanted and not WriteRequest.AnyRevision && wanted != current.Revision)
        {
            throw Refusals.Stale(request.Kind, request.Name, wanted, current.Revision);
        }
    }

    /// <summary>The rules that need what is stored: immutable fields, references, flags that one resource may have.</summary>
    private void CheckFields(PreparedWrite write, Resource resource, Resource? current, Changes changes)
    {
        var kind = write.Store.Kind;
        var errors = new List<ProblemError>();
        if (current is not null)
        {
            errors.AddRange(
                SpecProperties
                    .Immutable(kind)
                    .Where(p => !Equals(SpecProperties.Get(current, p), SpecProperties.Get(resource, p)))
                    .Select(p => Refusals.Immutable(write.Prefix + SpecProperties.Pointer(p)))
            );
        }

        foreach (var reference in kind.References)
        {
            if (CheckReference(write, reference, resource, changes) is { } error)
            {
                errors.Add(error);
            }
        }

        if (errors.Count > 0)
        {
            throw new ProblemException(Problems.Validation(errors));
        }

        foreach (var flag in kind.ExclusiveFlags.Where(f => HasFlag(resource, f)))
        {
            CheckFlag(write.Store, flag, resource.Name, changes);
        }
    }

    private ProblemError? CheckReference(
        PreparedWrite write,
        KindReference reference,
        Resource resource,
        Changes changes
    )
    {
        if (SpecProperties.Named(resource, reference) is not { } name)
        {
            return null;
        }

        var store = _stores[_stores.Kinds[reference.Kind]];
        var pointer = write.Prefix + SpecProperties.Pointer(reference.Property);
        return changes.Find(store, name) switch
        {
            null => Refusals.NoSuchReference(pointer, store.Kind, name),
            { DeletionRequestedAt: not null } => Refusals.ReferenceGoes(pointer, store.Kind, name),
            _ => null,
        };
    }

    private static void CheckFlag(KindStore store, string flag, string name, Changes changes)
    {
        var staged = changes.StagedOf(store).FirstOrDefault(r => r.Name != name && HasFlag(r, flag))?.Name;
        var stored = changes.Snapshot.Holder(store, flag);
        var holder = staged ?? (stored is not null && HasFlagStill(stored) ? stored : null);
        if (holder is not null && holder != name)
        {
            throw Refusals.FlagTaken(store.Kind, flag, holder);
        }

        bool HasFlagStill(string other) =>
            changes.StagedOf(store).FirstOrDefault(r => r.Name == other) is not { } now || HasFlag(now, flag);
    }

    private List<string> Blockers(KindStore store, string name, Changes changes)
    {
        var blockers = changes.Snapshot.Referrers(store, name).ToList();
        foreach (var (referrer, reference, _) in _stores.Referrers.GetValueOrDefault(store.Kind.Plural) ?? [])
        {
            if (!reference.Owner)
            {
                blockers.AddRange(
                    changes
                        .StagedOf(referrer)
                        .Where(r => Equals(SpecProperties.Get(r, reference.Property), name))
                        .Select(r => $"{referrer.Kind.Singular}/{r.Name}")
                );
            }
        }

        return [.. blockers.Distinct(StringComparer.Ordinal)];
    }

    private void Stage(KindStore store, Resource? before, Resource after, string verb, bool work, Changes changes)
    {
        after.Revision++;
        changes.Put(store, after);
        changes.Outbox.Add(OutboxRow.Of(store.Kind, after, work, OutboxRow.Put));
        if (store.Kind.KeepsHistory)
        {
            changes.History.Add(HistoryDiff.Row(store.Kind, before, after, verb, _caller, _now));
        }
    }

    private void Stamp(KindDescriptor kind, Resource resource)
    {
        resource.UpdatedAt = _now;
        if (!kind.IsReconciled)
        {
            resource.ObservedGeneration = resource.Generation;
            resource.Conditions =
            [
                new(Condition.ReadyType, ConditionStatus.True, "Ready", "")
                {
                    Since = resource.Conditions is [var c] ? c.Since : _now,
                },
            ];
        }
    }

    private static void CopyServerFields(Resource from, Resource to)
    {
        to.Id = from.Id;
        to.Generation = from.Generation;
        to.ObservedGeneration = from.ObservedGeneration;
        to.Revision = from.Revision;
        to.CreatedAt = from.CreatedAt;
        to.DeletionRequestedAt = from.DeletionRequestedAt;
        to.Conditions = from.Conditions;
        SpecProperties.SetStatus(to, SpecProperties.Status(from));
    }

    private static bool SameLabels(Resource a, Resource b) =>
        a.Labels.Count == b.Labels.Count && !a.Labels.Except(b.Labels).Any();

    private static bool HasFlag(Resource resource, string flag) =>
        Basis(resource)["spec"]?[flag.Split('.')[^1]]?.GetValueKind() is JsonValueKind.True;

    private IEnumerable<Target> TargetsOf(PreparedWrite write)
    {
        var deletes = write.Request.Verb is WriteVerb.Delete;
        yield return new(write.Store, write.Request.Name)
        {
            NeedsReferrers = deletes,
            NeedsOwned = deletes && !write.Store.Kind.IsReconciled,
        };
        foreach (var reference in write.Store.Kind.References)
        {
            if (write.Proposed is { } proposed && SpecProperties.Named(proposed, reference) is { } name)
            {
                yield return new(_stores[_stores.Kinds[reference.Kind]], name);
            }
        }
    }
}
