using System.Diagnostics;
using Threeport.Cli.Clusters;
using Threeport.Cli.Configuration;
using Threeport.Cli.Output;
using Threeport.Installation;

namespace Threeport.Cli.Local;

/// <summary>
/// Replaces the program of a control plane on this machine: stopped, started as another version, and as the one before when that does
/// not become ready. It does not answer meanwhile; there is only one of it.
/// </summary>
internal sealed class LocalUpgrade(Terminal terminal, LocalControlPlane local, ControlPlane entry, TimeSpan limit)
{
    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(20);

    private readonly UpgradeApi _api = new(entry);
    private readonly PreviousProgram _previous = new(Path.Combine(local.Data, "previous"));
    private readonly StepLines _lines = new(terminal, $"qleetctl upgrade --name {entry.Name}");
    private string? _running;

    /// <param name="binary">The other version.</param>
    /// <param name="backup">Makes the backup, asked for once it is known that there is something to do; null for none.</param>
    /// <param name="confirm">Whether to go on.</param>
    /// <param name="cancellationToken">The command's.</param>
    public async Task<int> RunAsync(
        string binary,
        Func<UpgradeBackup?> backup,
        Func<string, bool> confirm,
        CancellationToken cancellationToken
    )
    {
        var target = await VersionOfAsync(binary, cancellationToken);
        if (local.Process() is not null)
        {
            await _lines.RunAsync(new("Versions", (_, token) => CompareAsync(target, token)), cancellationToken);
            if (_running == target.ToString())
            {
                terminal.Out.WriteLine($"{entry.Name} is {target} already.");
                return ExitCode.Done;
            }

            if (!confirm($"Move {entry.Name} from {_running} to {target}?"))
            {
                return ExitCode.Failed;
            }

            await PrepareAsync(backup(), cancellationToken);
        }

        try
        {
            await _lines.RunAsync(
                new("Replace", (progress, token) => ReplaceAsync(binary, target.ToString(), progress, token)),
                cancellationToken
            );
        }
        catch (FailureException e) when (_previous.IsKept)
        {
            terminal.Error.WriteLine(e.Message);
            terminal.Error.WriteLine("What ran before is started again.");
            await BackAsync(cancellationToken);
            throw new FailureException(
                $"The upgrade of {entry.Name} to {target} failed (see above), and what ran before runs again."
            );
        }

        terminal.Out.WriteLine($"{entry.Name} is {target}.");
        return ExitCode.Done;
    }

    /// <summary>Starts the program that ran before. It finds the tables as it left them, with more beside.</summary>
    public async Task<int> BackAsync(CancellationToken cancellationToken)
    {
        if (!_previous.IsKept)
        {
            throw new FailureException($"There is no version before to go back to: {entry.Name} was not upgraded.");
        }

        var (program, version) = _previous.Find();
        await _lines.RunAsync(
            new("Back", (progress, token) => ReplaceAsync(program, version, progress, token)),
            cancellationToken
        );
        terminal.Out.WriteLine($"{entry.Name} is {version}.");
        return ExitCode.Done;
    }

    private async Task<string> CompareAsync(ReleaseVersion target, CancellationToken cancellationToken)
    {
        var (version, database) = await _api.VersionsAsync(cancellationToken);
        _running = version;
        var skew = new VersionSkew
        {
            Running = ReleaseVersion.Find(version) ?? default,
            Database = ReleaseVersion.Find(database),
            Target = target,
            Tool = ReleaseVersion.Find(CommandTree.Version) ?? default,
            Agents = await _api.AgentsAsync(cancellationToken),
        };
        return skew.Obstacles().FirstOrDefault() is { } obstacle
            ? throw new InstallationException($"whether {version} can become {target}", obstacle.Got, obstacle.Next)
            : $"{version} → {target}";
    }

    private async Task PrepareAsync(UpgradeBackup? backup, CancellationToken cancellationToken)
    {
        await _lines.RunAsync(
            new(
                "Way back",
                (_, _) => Task.FromResult(_previous.Keep(local.Process() ?? throw Stopped(), _running ?? ""))
            ),
            cancellationToken
        );
        if (backup is not null)
        {
            await _lines.RunAsync(new("Backup", backup.RunAsync), cancellationToken);
        }
    }

    private async Task<string> ReplaceAsync(
        string binary,
        string version,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        try
        {
            progress("to stop what runs");
            await local.StopAsync(cancellationToken);
            progress($"to start {binary}");
            local.Start(binary, entry.Endpoint);
            await local.UntilReadyAsync(entry.Name, entry.Endpoint, limit, cancellationToken);
        }
        catch (FailureException e)
        {
            throw new InstallationException($"to start {binary}", e.Message, "Its log says more.");
        }

        await _api.UntilAsync(version, limit, progress, cancellationToken);
        return $"{version} at {entry.Endpoint}";
    }

    private static InstallationException Stopped() =>
        new("to keep the program that runs", "it stopped", "Run the same command again.");

    /// <summary>By its own word.</summary>
    private static async Task<ReleaseVersion> VersionOfAsync(string binary, CancellationToken cancellationToken)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(binary, ["--version"]) { RedirectStandardOutput = true })
                ?? throw new FailureException($"{binary} does not start.");
            var said = await SaidAsync(process, binary, cancellationToken);
            return ReleaseVersion.Find(said)
                ?? throw new FailureException(
                    $"{binary} --version says \"{said.Trim()}\": that is no version of threeport."
                );
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new FailureException($"{binary}: {e.Message}");
        }
    }

    private static async Task<string> SaidAsync(Process process, string binary, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(VersionLimit);
        try
        {
            return await process.StandardOutput.ReadToEndAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new FailureException($"{binary} --version did not end within {VersionLimit.TotalSeconds:0} s.");
        }
    }
}
