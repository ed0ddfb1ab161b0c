using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary><c>kill -9</c> after each step and in the middle of each: the same command again goes on.</summary>
public sealed class KilledTests : InstalledFixture
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static readonly string[] Up =
    [
        "Preflight",
        "Identities",
        "Network",
        "Images",
        "PostgreSQL and NATS",
        "Database schema",
        "API",
        "Controllers",
        "Configuration",
        "Runtime",
        "Control plane",
    ];

    private static readonly string[] Down = ["Servers", "Control plane", "Agent", "Volumes"];

    [Test]
    public async Task Up_and_down_that_are_killed_at_each_step_and_run_again_end_as_if_they_had_not_been()
    {
        var kubeconfig = Installed.Qleetctl.Kubeconfig;
        await Qleetctl.RunAsync(Qleetctl.UpOf("calm"));
        var calm = await ClusterListing.OfControlPlaneAsync(kubeconfig, "calm");
        await Qleetctl.RunAsync("down", "--name", "calm", "--yes");

        // As long as the other, and too short to be taken for the end of a generated name.
        await KillAtEachAsync(Up, Qleetctl.UpOf("gale"));
        await Qleetctl.RunAsync(Qleetctl.UpOf("gale"));
        var gale = await ClusterListing.OfControlPlaneAsync(kubeconfig, "gale");
        Assert.That(gale.Select(static l => l.Replace("gale", "calm", StringComparison.Ordinal)), Is.EqualTo(calm));
        await DeploySampleAsync("gale");
        await RemoveSampleAsync("gale");

        await KillAtEachAsync(Down, ["down", "--name", "gale", "--yes"]);
        if (File.Exists(Path.Combine(Qleetctl.Installations, "gale.json")))
        {
            await Qleetctl.RunAsync("down", "--name", "gale", "--yes");
        }
    }

    /// <summary>Each step is cut short once while it works, and once when it has just said that it is done.</summary>
    private async Task KillAtEachAsync(string[] steps, IReadOnlyList<string> command)
    {
        foreach (var (step, i) in steps.Select(static (s, i) => (s, i)))
        {
            await KillInTheMiddleAsync(command, step);
            await KillWhenDoneAsync(command, step);
            TestContext.Out.WriteLine($"killed at {i + 1} of {steps.Length}: {step}");
        }
    }

    /// <summary>On a terminal a step shows what it is at: the one that is in the middle is the one that is shown.</summary>
    private async Task KillInTheMiddleAsync(IReadOnlyList<string> command, string step)
    {
        await using var process = Qleetctl.StartOnTerminal(command);
        await Eventually.TrueAsync(
            $"{step} is reached, or all is done",
            () => process.Text.Contains($"… {step} ", StringComparison.Ordinal) || process.HasExited,
            Limit
        );
        await process.KillAsync();
    }

    private async Task KillWhenDoneAsync(IReadOnlyList<string> command, string step)
    {
        await using var process = Qleetctl.Start(command);
        await Eventually.TrueAsync(
            $"{step} is done, or all is",
            () => process.Lines.Any(l => l.StartsWith($"✓ {step} ", StringComparison.Ordinal)) || process.HasExited,
            Limit
        );
        await process.KillAsync();
    }
}
