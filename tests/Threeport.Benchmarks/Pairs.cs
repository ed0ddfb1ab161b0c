namespace Threeport.Benchmarks;

/// <summary>A B A B: whatever else the machine does, it does to both.</summary>
internal static class Pairs
{
    public static async Task<IReadOnlyList<(double Ours, double Reference)>> MeasureAsync(
        int count,
        Func<Task<double>> ours,
        Func<Task<double>> reference
    )
    {
        var measured = new List<(double Ours, double Reference)>(count);
        for (var i = 0; i < count; i++)
        {
            measured.Add((await ours(), await reference()));
        }

        return measured;
    }
}
