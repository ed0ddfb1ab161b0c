using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>Ctrl-C while something is being installed.</summary>
public sealed class InterruptedTests : InstalledFixture
{
    private const string CtrlC = "\u0003";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Test]
    public async Task Without_a_terminal_it_says_what_is_kept_and_how_to_go_on()
    {
        await using var up = Qleetctl.Start(Qleetctl.UpOf("kept"));
        await Eventually.TrueAsync(
            "it has begun",
            () => up.Output.Contains("✓ Network", StringComparison.Ordinal),
            Limit
        );
        up.Signal(2);
        await up.WaitForExitAsync(TimeSpan.FromSeconds(20));
        Assert.That(up.ExitCode, Is.EqualTo(130), up.Output);
        Assert.That(
            up.Output,
            Does.Contain(
                "What was installed is kept: `qleetctl up --name kept` goes on, `qleetctl down --name kept` removes it."
            )
        );
    }

    [Test]
    public async Task On_a_terminal_it_asks_has_time_for_the_answer_and_a_yes_removes_all()
    {
        await using var up = Qleetctl.StartOnTerminal(Qleetctl.UpOf("asked"));
        await UntilAsync(up, "Images");
        await up.TypeAsync(CtrlC);
        await UntilAsync(up, "Remove what was installed so far? [y/N]");
        // Longer than a command that is told to end is given elsewhere.
        var asked = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(
            "it waits for the answer",
            () => up.HasExited || TimeProvider.System.GetElapsedTime(asked) > TimeSpan.FromSeconds(7)
        );
        Assert.That(up.HasExited, Is.False, up.Text);
        await up.TypeAsync("y\n");
        await up.WaitForExitAsync(Limit);
        Assert.That(up.ExitCode, Is.EqualTo(130), up.Text);
        Assert.That(File.Exists(Path.Combine(Qleetctl.Installations, "asked.json")), Is.False);
        await AssertAsBeforeAsync();
    }

    [Test]
    public async Task On_a_terminal_anything_but_a_yes_keeps_all_and_the_same_command_goes_on()
    {
        await using (var up = Qleetctl.StartOnTerminal(Qleetctl.UpOf("again")))
        {
            await UntilAsync(up, "Network");
            await up.TypeAsync(CtrlC);
            await UntilAsync(up, "[y/N]");
            await up.TypeAsync("\n");
            await up.WaitForExitAsync(Limit);
            Assert.That(up.ExitCode, Is.EqualTo(130), up.Text);
            Assert.That(up.Text, Does.Contain("`qleetctl up --name again` goes on"));
        }

        await Qleetctl.RunAsync("up", "--name", "again");
    }

    private static Task UntilAsync(OnTerminal process, string words) =>
        Eventually.TrueAsync(
            words,
            () =>
            {
                Assert.That(process.HasExited, Is.False, process.Text);
                return process.Text.Contains(words, StringComparison.Ordinal);
            },
            Limit
        );
}
