using System.Globalization;

namespace Threeport.Benchmarks;

/// <summary>What is wanted of a ratio, or of a number itself.</summary>
internal sealed record Goal(double Bound, bool IsFloor)
{
    public static Goal AtLeast(double bound) => new(bound, IsFloor: true);

    public static Goal AtMost(double bound) => new(bound, IsFloor: false);

    public bool IsMet(double value) => IsFloor ? value >= Bound : value <= Bound;

    public override string ToString() =>
        $"{(IsFloor ? "≥" : "≤")} {Bound.ToString("0.##", CultureInfo.InvariantCulture)}";
}
