using Threeport.Cli;
using Threeport.Cli.Local;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Hosting;

/// <summary>A control plane that <c>qleetctl up</c> starts, with a program that only waits in its place.</summary>
public sealed class LocalControlPlaneTests
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder = Machine.TemporaryFolder();

    [OneTimeTearDown]
    public void Take_it_away() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task It_is_known_from_its_first_instruction_on()
    {
        var data = Path.Combine(_folder, "known");
        var local = new LocalControlPlane(data);

        local.Start(await ProgramAsync("""cp "$2/threeport.pid" "$2/seen"; exec sleep 600"""), "https://127.0.0.1:1");

        var pid = local.Process();
        Assert.That(pid, Is.Not.Null);
        await Eventually.TrueAsync("it runs", () => File.Exists(Path.Combine(data, "seen")));
        var seen = await File.ReadAllTextAsync(Path.Combine(data, "seen"));
        Assert.That(seen, Is.EqualTo(await File.ReadAllTextAsync(Path.Combine(data, "threeport.pid"))));
        Assert.That(seen, Does.StartWith($"{pid} "));

        await local.StopAsync(CancellationToken.None);
        Assert.That(ProcFile.StartTime(pid!.Value), Is.Null);
        Assert.That(local.Process(), Is.Null);
    }

    [Test]
    public async Task A_folder_that_cannot_be_written_is_said_and_nothing_is_started()
    {
        var data = Path.Combine(_folder, "taken");
        // What the pid is to be written to is a folder.
        Directory.CreateDirectory(Path.Combine(data, "threeport.pid.new"));
        var local = new LocalControlPlane(data);
        var program = await ProgramAsync("""touch "$2/started"; exec sleep 600""");

        Assert.That(
            () => local.Start(program, "https://127.0.0.1:1"),
            Throws.TypeOf<FailureException>().With.Message.Contains("threeport.pid.new")
        );

        Assert.That(File.Exists(Path.Combine(data, "started")), Is.False);
        Assert.That(local.Process(), Is.Null);
    }

    private async Task<string> ProgramAsync(string script)
    {
        var file = Path.Combine(_folder, $"{Guid.CreateVersion7():N}");
        await File.WriteAllTextAsync(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, Executable);
        return file;
    }
}
