using Threeport.Benchmarks.Servers;

namespace Threeport.Benchmarks;

/// <summary>A B A B: whatever else the machine does, it does to both. Each begins when the machine is at rest.</summary>
internal static class Pairs
{
    private const double AtRest = 0.1;
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RestAtMost = TimeSpan.FromSeconds(15);

    public static async Task<IReadOnlyList<(double Ours, double Reference)>> MeasureAsync(
        int count,
        Func<Task<double>> ours,
        Func<Task<double>> reference
    )
    {
        var measured = new List<(double Ours, double Reference)>(count);
        for (var i = 0; i < count; i++)
        {
            await RestAsync();
            var own = await ours();
            await RestAsync();
            measured.Add((own, await reference()));
        }

        return measured;
    }

    /// <summary>
    /// What one side still does after its last answer (status of what it has made, for instance) is not done at the other's cost. A
    /// machine that others use may never be at rest: then it is what it is.
    /// </summary>
    private static async Task RestAsync()
    {
        for (var waited = TimeSpan.Zero; waited < RestAtMost; waited += Sample)
        {
            var before = Usage.Busy();
            await Task.Delay(Sample);
            if ((Usage.Busy() - before) / Sample.TotalSeconds < AtRest * Environment.ProcessorCount)
            {
                return;
            }
        }
    }
}
