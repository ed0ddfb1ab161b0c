using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>A command of steps, killed: each step is cut short once while it works, and once when it has just said that it is done.</summary>
internal static class KilledCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public static async Task AtEachAsync(Qleetctl qleetctl, string[] steps, IReadOnlyList<string> command)
    {
        foreach (var (step, i) in steps.Select(static (s, i) => (s, i)))
        {
            await using (var process = qleetctl.StartOnTerminal(command))
            {
                // On a terminal a step shows what it is at: the one that is in the middle is the one that is shown.
                await Eventually.TrueAsync(
                    $"{step} is reached, or all is done",
                    () => process.Text.Contains($"… {step} ", StringComparison.Ordinal) || process.HasExited,
                    Limit
                );
                await process.KillAsync();
            }

            await using (var process = qleetctl.Start(command))
            {
                await UntilDoneAsync(process, step);
                await process.KillAsync();
            }

            TestContext.Out.WriteLine($"killed at {i + 1} of {steps.Length}: {step}");
        }
    }

    public static Task UntilDoneAsync(ChildProcess process, string step) =>
        Eventually.TrueAsync(
            $"{step} is done, or all is",
            () => process.Lines.Any(l => l.StartsWith($"✓ {step} ", StringComparison.Ordinal)) || process.HasExited,
            Limit
        );
}
