namespace Threeport.Api;

/// <summary>The value is the name of a resource of another kind. It must exist when written, and cannot be deleted while named.</summary>
/// <param name="kind">The kind referred to.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ReferenceAttribute(Type kind) : Attribute
{
    /// <summary>The kind referred to.</summary>
    public Type Kind { get; } = kind;

    /// <summary>
    /// The resource that carries the reference belongs to the one it names: it does not keep it from being deleted, and
    /// goes when that one goes.
    /// </summary>
    public bool Owner { get; init; }

    /// <summary>
    /// With <see cref="Owner"/>: only the owner takes it down. Deleting it is refused while the owner is there and stays.
    /// </summary>
    public bool OwnerDeletes { get; init; }

    /// <summary>Names that are of no resource, because what they mean is always there.</summary>
    public string[] Except { get; init; } = [];
}

/// <summary>The value is encrypted at rest and never returned, logged, or put in an event, a history row or an error.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SensitiveAttribute : Attribute
{
    /// <summary>What stands in its place; a write that carries it keeps the value that is stored.</summary>
    public const string Redacted = "***";
}

/// <summary>The value cannot change once the resource exists.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ImmutableAttribute : Attribute;

/// <summary>In a configuration file the value is the path of a file, relative to it, whose text is meant.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FromFileAttribute : Attribute;

/// <summary>The value is a column of the kind's table.</summary>
/// <param name="header">What stands above it, in capitals.</param>
/// <param name="order">Columns stand in this order, between NAME and STATUS.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ColumnAttribute(string header, int order) : Attribute
{
    /// <summary>What stands above it, in capitals.</summary>
    public string Header { get; } = header;

    /// <summary>Columns stand in this order.</summary>
    public int Order { get; } = order;

    /// <summary>Stands behind STATUS instead of before it.</summary>
    public bool AfterStatus { get; init; }

    /// <summary>Shown with <c>-o wide</c> only.</summary>
    public bool Wide { get; init; }
}

/// <summary>Says what a kind or a field is, in discovery, OpenAPI and <c>--help</c>.</summary>
/// <param name="text">One sentence.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class SummaryAttribute(string text) : Attribute
{
    /// <summary>One sentence.</summary>
    public string Text { get; } = text;
}
