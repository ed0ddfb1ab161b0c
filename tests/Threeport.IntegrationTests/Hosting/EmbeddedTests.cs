using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Hosting;

/// <summary>The single-binary control plane: its own PostgreSQL and NATS in its data folder.</summary>
public sealed class EmbeddedTests
{
    [Test]
    public async Task It_starts_stops_in_order_and_leaves_no_process()
    {
        await using var host = await HostProcess.StartAsync();

        Assert.That(ProcessesOn(host.Data), Is.Not.Empty);
        Assert.That(await host.StopAsync(), Is.Zero, host.Log);

        Assert.That(ProcessesOn(host.Data), Is.Empty);
        Assert.That(host.Log, Does.Contain("threeport stopped"));
    }

    [Test]
    public async Task Told_to_stop_while_it_waits_for_its_database_it_stops_at_once_and_leaves_no_process()
    {
        await using var host = HostProcess.Create([
            "--database",
            $"Host=127.0.0.1;Port={Machine.FreePort()};Username=nobody;Password=none",
        ]);
        host.Launch();
        await Eventually.TrueAsync(
            "it waits for the database",
            () => host.Log.Contains("The database does not answer yet"),
            TimeSpan.FromSeconds(30)
        );
        Assert.That(ProcessesOn(host.Data), Is.Not.Empty);

        Assert.That(await host.StopAsync(), Is.Zero, host.Log);

        Assert.That(ProcessesOn(host.Data), Is.Empty);
    }

    [Test]
    public async Task It_comes_back_on_the_same_data_after_a_kill_with_the_same_identity()
    {
        await using var host = await HostProcess.StartAsync();
        var before = Identity(host);

        for (var round = 0; round < 3; round++)
        {
            await host.KillAsync();
            await host.StartAgainAsync();
        }

        Assert.That(Identity(host), Is.EqualTo(before));
    }

    [Test]
    public async Task A_server_that_dies_is_started_again()
    {
        await using var host = await HostProcess.StartAsync();
        var postgres = int.Parse(
            (await File.ReadAllLinesAsync(Path.Combine(host.Data, "postgres/data/postmaster.pid")))[0],
            System.Globalization.CultureInfo.InvariantCulture
        );
        var nats = int.Parse(
            await File.ReadAllTextAsync(Path.Combine(host.Data, "nats/pid")),
            System.Globalization.CultureInfo.InvariantCulture
        );

        await ChildProcess.RunAsync("kill", ["-9", $"{postgres}", $"{nats}"]);

        await Eventually.TrueAsync(
            "both are started again",
            () => host.Log.Contains("PostgreSQL was started again") && host.Log.Contains("NATS was started again"),
            TimeSpan.FromSeconds(20)
        );
        await host.ReadyAsync();
    }

    [Test]
    public async Task A_second_process_on_the_same_folder_is_refused_and_told_why()
    {
        await using var first = await HostProcess.StartAsync();
        await using var second = HostProcess.Create(data: first.Data);

        second.Launch();
        await second.Process.WaitForExitAsync(TimeSpan.FromSeconds(30));

        Assert.That(second.Process.ExitCode, Is.EqualTo(2));
        Assert.That(second.Log, Does.Contain($"Another threeport runs on the data folder {first.Data}"));
    }

    [Test]
    public async Task Nothing_secret_in_the_folder_can_be_read_by_others()
    {
        await using var host = await HostProcess.StartAsync();

        const UnixFileMode others =
            UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        var open = Directory
            .EnumerateFiles(host.Data)
            .Append(Path.Combine(host.Data, "nats/nats.conf"))
            .Where(f => Path.GetFileName(f) != "ca.crt" && (File.GetUnixFileMode(f) & others) != 0);
        Assert.That(open, Is.Empty);
    }

    private static (string, string, string) Identity(HostProcess host) =>
        (
            File.ReadAllText(Path.Combine(host.Data, "node")),
            File.ReadAllText(host.CaFile),
            File.ReadAllText(Path.Combine(host.Data, "admin.token"))
        );

    private static IEnumerable<string> ProcessesOn(string folder) =>
        Directory.EnumerateDirectories("/proc").Select(CommandLine).Where(c => c.Contains(folder));

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
