using System.Text.Json.Serialization;

namespace Threeport.Api;

/// <summary>
/// Whatever the control plane stores, serves and reconciles. Clients write the name, the labels and the spec; everything
/// else is written by the control plane.
/// </summary>
public abstract class Resource
{
    /// <summary>A UUIDv7, given once.</summary>
    public Guid Id { get; set; }

    /// <summary>Unique within the kind; a DNS label of 1 to 63 characters.</summary>
    public string Name { get; set; } = "";

    /// <summary>Free keys and values to select by; at most 64.</summary>
    public Dictionary<string, string> Labels { get; set; } = [];

    /// <summary>Rises by one with every change a client makes to the spec; starts at 1.</summary>
    public long Generation { get; set; }

    /// <summary>The generation that the controller last acted on; 0 before the first pass.</summary>
    public long ObservedGeneration { get; set; }

    /// <summary>Rises with every stored change, status included; it is the ETag, and a stale write loses.</summary>
    public long Revision { get; set; }

    /// <summary>When it was first stored, in UTC.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it was last changed, status included, in UTC.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When a client first asked to delete it; the resource goes once its finaliser is through.</summary>
    public DateTimeOffset? DeletionRequestedAt { get; set; }

    /// <summary>What the controller makes of it; <see cref="Condition.ReadyType"/> is always among them.</summary>
    public IReadOnlyList<Condition> Conditions { get; set; } = [];

    /// <summary>Another of the same: what it consists of (labels, spec, status) is shared until it is replaced.</summary>
    public Resource Copy() => (Resource)MemberwiseClone();

    /// <summary>The condition <c>Ready</c>, or one of status <c>Unknown</c> when no controller has looked yet.</summary>
    [JsonIgnore]
    public Condition Ready => Conditions.FirstOrDefault(static c => c.Type == Condition.ReadyType) ?? Condition.Pending;

    /// <summary>True when the controller has acted on the current spec and found it done.</summary>
    [JsonIgnore]
    public bool IsReady =>
        DeletionRequestedAt is null && ObservedGeneration == Generation && Ready.Status is ConditionStatus.True;
}

/// <summary>A resource whose spec clients write and whose status only its controller writes.</summary>
/// <typeparam name="TSpec">What is asked for. A record with value equality, or at least stable JSON.</typeparam>
/// <typeparam name="TStatus">What was found.</typeparam>
public abstract class Resource<TSpec, TStatus> : Resource
    where TSpec : class, new()
    where TStatus : class, new()
{
    /// <summary>What is asked for; written by clients.</summary>
    public TSpec Spec { get; set; } = new();

    /// <summary>What was found; written by the kind's controller.</summary>
    public TStatus Status { get; set; } = new();
}

/// <summary>The status of a kind whose conditions say it all.</summary>
public sealed record NoStatus;
