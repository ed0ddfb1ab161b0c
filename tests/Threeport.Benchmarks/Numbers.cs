namespace Threeport.Benchmarks;

internal static class Numbers
{
    public static double Median(IEnumerable<double> values) => Percentile([.. values.Order()], 0.5);

    public static double Percentile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];
}
