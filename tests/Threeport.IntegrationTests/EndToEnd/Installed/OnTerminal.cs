using System.Diagnostics;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.EndToEnd.Installed;

/// <summary>A command on a terminal, at which somebody may type.</summary>
/// <param name="process">The program that gives it the terminal.</param>
/// <param name="shown">The file that it writes to what the terminal shows.</param>
internal sealed class OnTerminal(ChildProcess process, string shown) : IAsyncDisposable
{
    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>What was shown so far, progress that was overwritten included.</summary>
    public string Text => File.Exists(shown) ? File.ReadAllText(shown) : "";

    public Task TypeAsync(string text) => process.WriteAsync(text);

    public Task WaitForExitAsync(TimeSpan limit) => process.WaitForExitAsync(limit);

    /// <summary>SIGKILL to the command and to what it runs.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
        {
            using var tree = Process.GetProcessById(process.Id);
            tree.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync(TimeSpan.FromSeconds(10));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await process.DisposeAsync();
    }
}
