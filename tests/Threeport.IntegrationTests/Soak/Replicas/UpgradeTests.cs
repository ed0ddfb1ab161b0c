using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Soak.Replicas;

/// <summary>
/// A control plane becomes another version under a steady load of writes, with the command killed in each of its steps; then a version
/// whose API ends at once, which is taken back. <c>build/soak upgrade</c> runs it, for it needs a cluster with the images of three versions.
/// </summary>
[Category("Upgrade")]
public sealed class UpgradeTests
{
    private const int Clients = 4;
    private const int NamesEach = 8;
    private const string Done = "✓";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    private static readonly string From = Tag("FROM");
    private static readonly string To = Tag("TO");
    private static readonly string Broken = Tag("BROKEN");

    /// <summary>After each of these, in the next one, the command is killed.</summary>
    private static readonly string[] Steps =
    [
        "Preflight",
        "Images",
        "Versions",
        "Way back",
        "Backup",
        "Settings",
        "Database schema",
        "API",
        "Controllers",
        "PostgreSQL and NATS",
    ];

    [Test]
    public async Task Under_load_and_killed_in_each_step_it_becomes_another_version_and_what_does_not_work_is_taken_back()
    {
        var kubeconfig = Environment.GetEnvironmentVariable("KUBECONFIG");
        Assert.That(kubeconfig, Is.Not.Empty.And.Not.Null, "KUBECONFIG names the cluster");
        await using var controlPlane = await InstalledControlPlane.StartAsync(
            kubeconfig!,
            Clients,
            "--image-tag",
            From
        );
        var report = await UnderLoadAsync(
            controlPlane,
            async () =>
            {
                await UpgradeAsync(controlPlane);
                await AgainAsync(controlPlane);
                await TryBrokenAsync(controlPlane);
            }
        );
        await BackAsync(controlPlane);
        SoakOutput.Say(report.Table());
        await SoakOutput.WriteAsync(report.Json());
        Assert.That(report.IsGood, Is.True, report.Table());
        Assert.That(report.Ledger.LongestGap, Is.LessThan(LongestGap), "no client waits longer");
    }

    /// <summary>Killed in each step, and then not.</summary>
    private static async Task UpgradeAsync(InstalledControlPlane controlPlane)
    {
        for (var i = 0; i < Steps.Length; i++)
        {
            await using var killed = controlPlane.BeginUpgrade("--image-tag", To);
            // What was done for good in an earlier run is not done again.
            var later = Steps[i..];
            await Eventually.TrueAsync(
                $"{Steps[i]} is done",
                () => killed.HasExited || killed.Lines.Any(l => later.Any(step => IsDone(l, step))),
                Limit
            );
            // In the middle of the next one, rather than at its first line.
            await Task.Delay(Random.Shared.Next(1_500));
            Assert.That(!killed.HasExited || killed.ExitCode == 0, killed.Output);
            await killed.KillAsync();
            SoakOutput.Say($"killed after {Steps[i]}");
        }

        await EndsAsync(controlPlane, 0, "--image-tag", To);
        Assert.That(await VersionAsync(controlPlane), Is.EqualTo(To));
        Assert.That(await AgentsAsync(controlPlane), Is.All.EqualTo(To).And.Not.Empty);
    }

    private static async Task AgainAsync(InstalledControlPlane controlPlane)
    {
        var clock = Stopwatch.StartNew();
        var said = await EndsAsync(controlPlane, 0, "--image-tag", To);
        Assert.That(said, Does.Contain("already"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    private static async Task TryBrokenAsync(InstalledControlPlane controlPlane)
    {
        var said = await EndsAsync(controlPlane, 1, "--image-tag", Broken, "--timeout", "2m");
        Assert.That(said, Does.Contain("API failed").And.Contain("ended each time").And.Contain("runs again"));
        Assert.That(await VersionAsync(controlPlane), Is.EqualTo(To));
    }

    private static async Task BackAsync(InstalledControlPlane controlPlane)
    {
        // What failed has taken the place of what could be gone back to.
        var said = await EndsAsync(controlPlane, 1, "--back");
        Assert.That(said, Does.Contain("There is no version before"));
    }

    private static async Task<string> EndsAsync(
        InstalledControlPlane controlPlane,
        int exitCode,
        params IReadOnlyList<string> options
    )
    {
        await using var process = controlPlane.BeginUpgrade(options);
        await process.WaitForExitAsync(Limit);
        SoakOutput.Say(process.Output);
        Assert.That(process.ExitCode, Is.EqualTo(exitCode), process.Output);
        return process.Output;
    }

    private static async Task<SoakReport> UnderLoadAsync(InstalledControlPlane controlPlane, Func<Task> act)
    {
        var clock = Stopwatch.StartNew();
        var ledger = new Ledger();
        using var canary = new Canary(controlPlane, clock);
        using var over = new CancellationTokenSource();
        var seed = SoakOutput.Seed();
        var clients = Enumerable
            .Range(0, Clients)
            .Select(i => new SoakClient(i, NamesEach, controlPlane.ClientOf(i), ledger, new Random(seed + i), Patience))
            .Select(c => c.RunAsync(over.Token));
        Task[] background = [.. clients, canary.RunAsync(over.Token)];
        try
        {
            await act();
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(background);
        }

        var ended = clock.Elapsed;
        var notConverged = await Convergence.WrongAfterAsync(controlPlane);
        return new(
            seed,
            ended.TotalSeconds,
            ledger,
            await Audit.OfAsync(ledger, controlPlane),
            notConverged,
            (clock.Elapsed - ended).TotalSeconds,
            canary,
            [],
            Gauges: null
        );
    }

    private static async Task<string?> VersionAsync(InstalledControlPlane controlPlane) =>
        (string?)(await controlPlane.ClientOf(0).GetFromJsonAsync<JsonNode>("/v0/version"))!["version"];

    private static async Task<IEnumerable<string?>> AgentsAsync(InstalledControlPlane controlPlane) =>
        (await controlPlane.ListAsync("kubernetes-runtime-observations")).Select(static o =>
            (string?)o["spec"]!["agentVersion"]
        );

    private static bool IsDone(string line, string step) =>
        line.StartsWith($"{Done} {step} ", StringComparison.Ordinal);

    private static string Tag(string which) =>
        Environment.GetEnvironmentVariable($"THREEPORT_UPGRADE_{which}") is { Length: > 0 } tag ? tag : "none";
}
