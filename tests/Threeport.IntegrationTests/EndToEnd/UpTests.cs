using System.Diagnostics;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd;

/// <summary>
/// The two commands of the README, on this machine, with folders, ports and a network of their own: what a developer has running
/// is neither in their way nor in their reach.
/// </summary>
[Category("EndToEnd")]
[NonParallelizable]
public sealed class UpTests
{
    private static readonly TimeSpan FirstUp = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    private const string Cluster = "/var/lib/threeport-test-cluster";
    private const string State = "/var/lib/threeport-test-up";
    private const string Data = "/var/lib/threeport-test";
    private const string Bridge = "threeport-test";

    private readonly int _port = Machine.FreePort();
    private readonly string _config = Path.Combine(Machine.TemporaryFolder(), "config.yaml");

    private static string Root { get; } = FindRoot();

    /// <summary>All of it is these tests' own: what a run that was cut off left is taken away.</summary>
    [OneTimeSetUp]
    public async Task Nothing_is_up_already()
    {
        await RunAsync("build/down", TimeSpan.FromMinutes(3));
        Assert.That(Leftovers(), Is.Empty);
    }

    [OneTimeTearDown]
    public async Task Take_it_away()
    {
        await RunAsync("build/down", TimeSpan.FromMinutes(3));
        Directory.Delete(Path.GetDirectoryName(_config)!, recursive: true);
    }

    [Test]
    public async Task Up_ends_with_a_workload_that_runs_and_again_changes_nothing_and_down_leaves_nothing()
    {
        var up = await RunAsync("build/up", FirstUp);
        Assert.That(up, Does.Contain("hello: 2 of 2 pods Running"));

        var start = Stopwatch.GetTimestamp();
        var again = await RunAsync("build/up", FirstUp);
        var took = Stopwatch.GetElapsedTime(start);
        Assert.That(again, Does.Contain("hello: 2 of 2 pods Running"));
        Assert.That(took, Is.LessThan(Again), again);

        await RunAsync("build/down", TimeSpan.FromMinutes(3));
        Assert.That(Leftovers(), Is.Empty);
    }

    /// <summary>Processes, mounts, network interfaces and folders of build/up.</summary>
    private static IReadOnlyList<string> Leftovers()
    {
        var processes = Directory
            .EnumerateDirectories("/proc")
            .Select(static d => Text(Path.Combine(d, "cmdline")))
            .Where(static t => t.Contains(Cluster, StringComparison.Ordinal));
        var mounts = Text("/proc/self/mounts")
            .Split('\n')
            .Where(static m => m.Contains($" {Cluster}", StringComparison.Ordinal));
        var folders = new[] { Cluster, State, Data, $"/sys/class/net/{Bridge}" }.Where(Directory.Exists);
        return [.. processes, .. mounts, .. folders];
    }

    /// <summary>Empty for a process that is gone meanwhile.</summary>
    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file).Replace('\0', ' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "build", "up")))
        {
            folder =
                Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no build/up above.");
        }

        return folder;
    }

    private async Task<string> RunAsync(string script, TimeSpan limit)
    {
        await using var process = ChildProcess.Start(
            script,
            Path.Combine(Root, script),
            [],
            environment: new Dictionary<string, string?>
            {
                ["KUBECONFIG"] = null,
                ["THREEPORT_RUNTIME"] = "local",
                ["THREEPORT_CONFIG"] = _config,
                ["THREEPORT_STATE"] = State,
                ["THREEPORT_DATA"] = Data,
                ["THREEPORT_LISTEN"] = $"https://127.0.0.1:{_port}",
                ["THREEPORT_CLUSTER_DATA"] = Cluster,
                ["THREEPORT_CLUSTER_PORT"] = "17443",
                ["THREEPORT_CLUSTER_NETWORK"] = "10.87",
                ["THREEPORT_CLUSTER_BRIDGE"] = Bridge,
            }
        );
        await process.WaitForExitAsync(limit);
        Assert.That(process.ExitCode, Is.Zero, process.Output);
        return process.Output;
    }
}
