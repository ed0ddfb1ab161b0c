namespace Threeport.Agent.Workloads;

/// <summary>How far the watch of a type is.</summary>
/// <param name="IsKnown">What there is of the type is known: listed, or that it cannot be.</param>
/// <param name="Problem">Why its objects cannot be seen; null when they can.</param>
/// <param name="IsServed">Whether the cluster has the type.</param>
internal sealed record TypeState(bool IsKnown, string? Problem = null, bool IsServed = true)
{
    public static readonly TypeState Unknown = new(IsKnown: false);
    public static readonly TypeState Listed = new(IsKnown: true);
    public static readonly TypeState Unserved = new(IsKnown: true, IsServed: false);

    public static TypeState Denied(string why) => new(IsKnown: true, why);
}
