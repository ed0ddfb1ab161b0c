namespace Threeport.Api;

/// <summary>The names that a kind goes by on the wire, in subjects and in the CLI.</summary>
public interface IKind
{
    /// <summary>Lower-case plural with hyphens, for example <c>workload-instances</c>: the route and the subject.</summary>
    static abstract string Plural { get; }

    /// <summary>Lower-case singular with hyphens, for example <c>workload-instance</c>: the <c>kind</c> of a resource in JSON.</summary>
    static abstract string Singular { get; }

    /// <summary>What may be typed instead, for example <c>wi</c>; no two kinds may share one.</summary>
    static virtual IReadOnlyList<string> ShortNames => [];
}
