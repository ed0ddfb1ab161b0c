using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Resources;

namespace Threeport.Server.Writing;

/// <summary>What a write changed, as the history tells it: sensitive values redacted, long ones by their length.</summary>
internal static class HistoryDiff
{
    private const int MaxValue = 1_024;

    public static HistoryRow Row(
        KindDescriptor kind,
        Resource? before,
        Resource after,
        string verb,
        Caller caller,
        DateTimeOffset at
    )
    {
        var now = Written(kind, after);
        var changes = new List<FieldChange>();
        // Of a new resource everything is a change: that is told when the history is read, not stored a second time.
        if (before is not null && SpecProperties.Spec(before) != SpecProperties.Spec(after))
        {
            Compare("", Written(kind, before), now, changes);
            AddSensitive(kind, before, after, changes);
        }

        return new()
        {
            Id = ResourceIds.Create(at),
            Kind = kind.Plural,
            ResourceId = after.Id,
            Name = after.Name,
            Revision = after.Revision,
            Generation = after.Generation,
            At = at,
            Actor = caller.Name,
            Verb = verb,
            From = caller.From,
            Changes = changes,
            Labels = after.Labels,
            Spec = (JsonObject)now["spec"]!.DeepClone(),
        };
    }

    /// <summary>All that a new resource consists of.</summary>
    public static IReadOnlyList<FieldChange> OfCreation(HistoryRow row)
    {
        var changes = new List<FieldChange>();
        Compare("/labels", null, LabelsOf(row.Labels), changes);
        Compare("/spec", null, row.Spec, changes);
        return changes;
    }

    /// <summary>What a client writes of a resource, redacted.</summary>
    private static JsonObject Written(KindDescriptor kind, Resource resource) =>
        new()
        {
            ["labels"] = LabelsOf(resource.Labels),
            ["spec"] = JsonSerializer.SerializeToNode(
                SpecProperties.Spec(resource),
                kind.SpecType,
                ResourceJson.Redacted
            ),
        };

    private static JsonNode? LabelsOf(IReadOnlyDictionary<string, string> labels) =>
        JsonSerializer.SerializeToNode(labels, ResourceJson.Redacted);

    private static void Compare(string pointer, JsonNode? old, JsonNode? now, List<FieldChange> changes)
    {
        if (JsonNode.DeepEquals(old, now))
        {
            return;
        }

        if (old is JsonObject a && now is JsonObject b)
        {
            foreach (var name in a.Select(static p => p.Key).Union(b.Select(static p => p.Key)))
            {
                Compare($"{pointer}/{Escape(name)}", a[name], b[name], changes);
            }
        }
        else if (old is null && now is JsonObject added)
        {
            foreach (var (name, value) in added)
            {
                Compare($"{pointer}/{Escape(name)}", null, value, changes);
            }
        }
        else
        {
            changes.Add(new(pointer, Shortened(old), Shortened(now)));
        }
    }

    /// <summary>That a sensitive value changed is worth knowing; redacted, both look the same.</summary>
    private static void AddSensitive(KindDescriptor kind, Resource before, Resource after, List<FieldChange> changes)
    {
        foreach (var property in SpecProperties.Sensitive(kind))
        {
            var (old, now) = (SpecProperties.Get(before, property), SpecProperties.Get(after, property));
            if (old is not null && now is not null && !Equals(old, now))
            {
                changes.Add(
                    new(SpecProperties.Pointer(property), SensitiveAttribute.Redacted, SensitiveAttribute.Redacted)
                );
            }
        }
    }

    private static JsonNode? Shortened(JsonNode? value)
    {
        var length = value?.ToJsonString().Length ?? 0;
        return length > MaxValue ? JsonValue.Create($"({length} characters)") : value?.DeepClone();
    }

    private static string Escape(string name) => name.Replace("~", "~0").Replace("/", "~1");
}
