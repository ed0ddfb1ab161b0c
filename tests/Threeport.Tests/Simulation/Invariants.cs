using System.Text.Json;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Outbox;
using Threeport.Server.Writing;

namespace Threeport.Tests.Simulation;

/// <summary>A row of the history.</summary>
/// <param name="Kind">The plural of the kind.</param>
/// <param name="Name">The resource.</param>
/// <param name="Value">The spec's value after it; null when the resource went or was asked to go.</param>
/// <param name="Verb">create, put, patch, delete or remove.</param>
/// <param name="At">When it was committed.</param>
internal sealed record Committed(string Kind, string Name, int? Value, string Verb, TimeSpan At);

/// <summary>What must hold at every moment, whatever breaks. The first that does not is kept.</summary>
internal sealed class Invariants(Scheduler scheduler)
{
    public List<Committed> Log { get; } = [];

    public string? Violation { get; private set; }

    public SimCloud? Cloud { get; set; }

    public void Violate(string what)
    {
        scheduler.Trace("INVARIANT", what);
        Violation ??= what;
    }

    /// <summary>What a pass does outside, it does while it holds the lease: never two at once.</summary>
    public void HoldsLease(SimProcess process, Guid id, long epoch, SimDatabase database)
    {
        // What was stopped in the middle of a step ends that step before it can look at a clock; the fence is for that.
        if (process.WokenAt == scheduler.Now)
        {
            return;
        }

        if (
            database.States.TryGetValue(id, out var state)
            && (state.Epoch != epoch || state.Owner is null || state.ExpiresAt < scheduler.Now)
        )
        {
            Violate($"{process.Name} acts on {state.Name} under the lease {epoch}, which it does not hold.");
        }
    }

    /// <summary>Nothing is made outside that is not noted before.</summary>
    public void Intended(Guid owner, SimDatabase database)
    {
        if (database.Find(owner) is not { } document || ((Machine)database.Read(document)).Status.ExternalId is null)
        {
            Violate("Something was made outside that nobody has noted.");
        }
    }

    /// <summary>What is told was committed before.</summary>
    public void Told(OutboxRow row, SimDatabase database)
    {
        if (row.Revision > 0 && !database.Noted.Contains(row.Id))
        {
            Violate($"{row.Name} is announced before it is committed.");
        }
    }

    /// <summary>What is forgotten was told.</summary>
    public void Forgotten(Guid row, SimBroker broker)
    {
        if (!broker.Taken.Contains(row))
        {
            Violate("A notification is forgotten that the broker never had.");
        }
    }

    /// <summary>Called with what is about to be committed.</summary>
    public void Committing(SimDatabase database, Changes changes)
    {
        PatchesChangeWhatTheyName(database, changes);
        foreach (var row in changes.History)
        {
            var value = row.Verb is "create" or "put" or "patch" ? (int?)row.Spec["value"] : null;
            Log.Add(new(row.Kind, row.Name, value, row.Verb, scheduler.Now));
        }

        foreach (var staged in changes.Staged)
        {
            if (staged.Removes)
            {
                Removing(database, changes, staged);
            }

            if (staged.Updates)
            {
                var writes = changes.History.Count(h => h.ResourceId == staged.After!.Id && h.Verb is "put" or "patch");
                Updating(staged, database.Read(database.Find(staged.Before!.Id)!), writes);
            }

            RefersToSomething(database, changes, staged);
        }
    }

    /// <summary>A patch names the value; whatever else there is stays as it was just before.</summary>
    private void PatchesChangeWhatTheyName(SimDatabase database, Changes changes)
    {
        for (var i = 0; i < changes.History.Count; i++)
        {
            var row = changes.History[i];
            if (row.Verb != "patch" || row.Kind != Machine.Plural)
            {
                continue;
            }

            var before = changes.History.Take(i).LastOrDefault(h => h.ResourceId == row.ResourceId);
            var part = before is not null
                ? (string?)before.Spec["part"]
                : ((Machine)database.Read(database.Find(row.ResourceId)!)).Spec.Part;
            if ((string?)row.Spec["part"] != part)
            {
                Violate($"{row.Name}: a patch of the value changed the part.");
            }
        }
    }

    private void Removing(SimDatabase database, Changes changes, Staged staged)
    {
        var (gone, name) = (staged.Before!, staged.Before!.Name);
        if (Cloud!.Find(gone.Id) is not null)
        {
            Violate($"{name} is removed and its counterpart outside is not.");
        }

        var removed = changes.Staged.Where(static s => s.Removes).Select(static s => s.Before!.Id).ToHashSet();
        var left = database
            .Documents.Values.Where(d => !removed.Contains(d.Id))
            .Select(database.Read)
            .OfType<Machine>()
            .FirstOrDefault(m => staged.Store.Kind.Type == typeof(Part) && m.Spec.Part == name);
        if (left is not null)
        {
            Violate($"{name} is removed and {left.Name} refers to it.");
        }
    }

    /// <summary>A status write changes no spec, whatever it was based on; a generation is counted once for each change.</summary>
    private void Updating(Staged staged, Resource stored, int writes)
    {
        var after = staged.After!;
        var (same, risen) = (Json(stored) == Json(after), after.Generation - stored.Generation);
        if (risen < 0 || risen > writes || (risen == 0 && !same))
        {
            Violate($"{after.Name}: the spec and its generation do not go together.");
        }

        if (after.Revision <= stored.Revision || after.ObservedGeneration > after.Generation)
        {
            Violate($"{after.Name}: a revision or an observed generation that cannot be.");
        }

        if (stored.DeletionRequestedAt is not null && after.DeletionRequestedAt is null)
        {
            Violate($"{after.Name}: its deletion was forgotten.");
        }
    }

    private void RefersToSomething(SimDatabase database, Changes changes, Staged staged)
    {
        if (staged is not { After: Machine { Spec.Part: { } part } machine })
        {
            return;
        }

        var store = database.Stores[Part.Plural];
        var parts = changes.Staged.Where(s => s.Store == store).ToList();
        var isThere =
            parts.Exists(s => s.After?.Name == part)
            || (
                database.Documents.ContainsKey((store, part))
                && !parts.Exists(s => s.After is null && s.Before?.Name == part)
            );
        if (!isThere)
        {
            Violate($"{machine.Name} refers to {part}, which is not there.");
        }
    }

    private static string Json(Resource resource)
    {
        var spec = SpecProperties.Spec(resource);
        return JsonSerializer.Serialize(spec, spec.GetType(), ResourceJson.Wire);
    }
}
