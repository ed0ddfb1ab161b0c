using System.Text.Json.Nodes;
using Threeport.Agent.Health;
using Threeport.Kubernetes;

namespace Threeport.Agent.Objects;

/// <summary>The object that made another.</summary>
internal sealed record ObjectOwner(string Kind, string Name, string Uid);

/// <summary>All that is kept of an object: what a report says of it, and nothing that it holds.</summary>
internal sealed record TrackedObject
{
    /// <summary>Says on each object which workload instance it belongs to, by id.</summary>
    public const string InstanceLabel = "threeport.io/workload-instance";

    public required ObjectReference Reference { get; init; }

    public required string Uid { get; init; }

    /// <summary>The id of the workload instance.</summary>
    public required string Instance { get; init; }

    public ObjectOwner? Owner { get; init; }

    public required Assessment Assessment { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public string? FieldsHash { get; init; }

    public bool IsTerminating { get; init; }

    public ObjectType Type => new(Reference.ApiVersion, Reference.Kind);

    /// <returns>Null when the object belongs to no workload.</returns>
    public static TrackedObject? Of(JsonObject content)
    {
        var instance = content.Text("metadata", "labels", InstanceLabel);
        if (instance.Length == 0)
        {
            return null;
        }

        var reference = ObjectReference.Of(content);
        return new()
        {
            Reference = reference with
            {
                ApiVersion = string.Intern(reference.ApiVersion),
                Kind = string.Intern(reference.Kind),
            },
            Uid = content.Text("metadata", "uid"),
            Instance = instance,
            Owner = OwnerOf(content),
            Assessment = Assess.Object(content),
            CreatedAt = content.Time("metadata", "creationTimestamp"),
            FieldsHash = Threeport.Kubernetes.FieldsHash.Of(content),
            IsTerminating = content.Text("metadata", "deletionTimestamp").Length > 0,
        };
    }

    private static ObjectOwner? OwnerOf(JsonObject content)
    {
        var owners = content.Each("metadata", "ownerReferences").ToList();
        var owner = owners.Find(static o => o.Flag("controller")) ?? owners.FirstOrDefault();
        return owner is null ? null : new(string.Intern(owner.Text("kind")), owner.Text("name"), owner.Text("uid"));
    }
}
