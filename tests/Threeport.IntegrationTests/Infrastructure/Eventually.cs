using System.Diagnostics;

namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>Waits for something to become true, with a deadline; the answer to every wish for a sleep.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Fails the test when it is not so by then. What throws meanwhile counts as not so, and is shown at the end.</summary>
    public static Task TrueAsync(string what, Func<Task<bool>> condition, TimeSpan? within = null) =>
        ValueAsync(what, async () => await condition() ? "yes" : null, within);

    public static Task TrueAsync(string what, Func<bool> condition, TimeSpan? within = null) =>
        TrueAsync(what, () => Task.FromResult(condition()), within);

    /// <returns>The first value that is not null.</returns>
    public static async Task<T> ValueAsync<T>(string what, Func<Task<T?>> value, TimeSpan? within = null)
        where T : class
    {
        var limit = within ?? TimeSpan.FromSeconds(10);
        var start = Stopwatch.GetTimestamp();
        Exception? last = null;
        do
        {
            try
            {
                if (await value() is { } found)
                {
                    return found;
                }

                last = null;
            }
            catch (Exception exception) when (exception is not ResultStateException)
            {
                last = exception;
            }

            await Task.Delay(Pause);
        } while (Stopwatch.GetElapsedTime(start) < limit);

        throw new AssertionException($"Not within {limit.TotalSeconds} s: {what}.{(last is null ? "" : $"\n{last}")}");
    }
}
