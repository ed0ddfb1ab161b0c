namespace Threeport.Runtime;

/// <summary>How long to wait after a failure: 1 s, doubling to 5 min, a fifth more or less so that failures do not march in step.</summary>
internal static class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Most = TimeSpan.FromMinutes(5);

    private const double Jitter = 0.2;

    /// <param name="failures">How many failed in a row before this one.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan After(int failures, double random)
    {
        // Beyond 2^9 s it is the most anyway, and a shift by more than 62 would wrap.
        var delay = First * Math.Pow(2, Math.Clamp(failures, 0, 10));
        return (delay < Most ? delay : Most) * (1 + (Jitter * ((2 * random) - 1)));
    }
}
