using Threeport.Cli.Output;
using Threeport.Installation;

namespace Threeport.Cli.Clusters;

/// <summary>What an upgrade is made with.</summary>
/// <param name="Limit">How long each server, and each agent, may take.</param>
/// <param name="Archives">Brings the images to the nodes; null where the nodes pull them.</param>
/// <param name="Backup">Makes the backup; null for none.</param>
/// <param name="Confirm">Asks whether to go on, told from what to what.</param>
internal sealed record UpgradeSettings(
    TimeSpan Limit,
    Step? Archives,
    UpgradeBackup? Backup,
    Func<string, bool> Confirm
);

/// <summary>
/// Moves a control plane in a cluster to another version: each step is recorded, so that the same command goes on where it was killed;
/// what fails once pods are being replaced is put back.
/// </summary>
internal sealed class ClusterUpgrade
{
    /// <summary>Once it is done there is something to put back.</summary>
    public const string KeepStep = "Way back";

    private const string Versions = "Versions";

    private readonly Terminal _terminal;
    private readonly InstallationRecord _record;
    private readonly UpgradeState _state;
    private readonly Upgrade _upgrade;
    private readonly UpgradeApi _api;
    private readonly UpgradeSettings _settings;
    private readonly StepLines _lines;
    private readonly string _name;

    public ClusterUpgrade(
        Terminal terminal,
        InstallationRecord record,
        Upgrade upgrade,
        UpgradeApi api,
        UpgradeSettings settings
    )
    {
        (_terminal, _record, _upgrade, _api, _settings) = (terminal, record, upgrade, api, settings);
        (_state, _name) = (record.Upgrade!, record.Plan.Name);
        _lines = new(terminal, $"qleetctl upgrade --name {_name}");
    }

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (_state.IsGoingBack)
        {
            return await BackAsync(cancellationToken);
        }

        if (!await PrepareAsync(cancellationToken))
        {
            return ExitCode.Failed;
        }

        await ReplaceAsync(cancellationToken);
        _record.Plan = _upgrade.Plan;
        (_record.Previous, _record.Upgrade) = (_state.From, null);
        _record.Save();
        _terminal.Out.WriteLine($"{_name} is {_state.To}.");
        if (_state.Backup is { } backup)
        {
            _terminal.Out.WriteLine($"  {backup} has the database as it was before");
        }

        _terminal.Out.WriteLine($"  qleetctl upgrade --name {_name} --back     goes back to {_state.From}");
        return await AgentsAsync(_state.To, cancellationToken);
    }

    /// <summary>Puts the version before back, because the user says so or the new one does not work.</summary>
    public async Task<int> BackAsync(CancellationToken cancellationToken)
    {
        await PutBackAsync(cancellationToken);
        _terminal.Out.WriteLine(
            $"{_name} is {_state.From}. The tables of the database stay as they are; they are good for both."
        );
        return await AgentsAsync(_state.From, cancellationToken);
    }

    private async Task PutBackAsync(CancellationToken cancellationToken)
    {
        _state.IsGoingBack = true;
        _record.Save();
        if (_state.Done.Contains(KeepStep))
        {
            foreach (var step in _upgrade.PuttingBack(_state.From, UntilAnswered(_state.From)))
            {
                await _lines.RunAsync(step, cancellationToken);
            }
        }

        _record.Plan = _record.Plan.As(_state.From);
        (_record.Previous, _record.Upgrade) = (null, null);
        _record.Save();
    }

    /// <summary>Up to here nothing that runs is changed: what fails is said, and that is all.</summary>
    private async Task<bool> PrepareAsync(CancellationToken cancellationToken)
    {
        var isNew = !_state.Done.Contains(Versions);
        await _lines.RunAsync(_upgrade.Preflight, cancellationToken);
        if (_settings.Archives is { } archives)
        {
            await _lines.RunAsync(archives, cancellationToken);
        }

        await _lines.RunAsync(_upgrade.Images, cancellationToken);
        if (isNew)
        {
            await _lines.RunAsync(new(Versions, CompareAsync), cancellationToken);
            if (!_settings.Confirm($"Move {_name} from {_state.From} to {_state.To}?"))
            {
                return false;
            }

            Note(Versions);
        }

        if (!_state.Done.Contains(KeepStep))
        {
            // What was kept before is replaced: there is nothing else to go back to from now on.
            _record.Previous = null;
            _record.Save();
            await _lines.RunAsync(_upgrade.Keep(_state.From), cancellationToken);
            Note(KeepStep);
        }

        if (_settings.Backup is { } backup)
        {
            await _lines.RunAsync(new("Backup", backup.RunAsync), cancellationToken);
        }

        await _lines.RunAsync(_upgrade.Settings, cancellationToken);
        await _lines.RunAsync(_upgrade.Schema, cancellationToken);
        return true;
    }

    private async Task<string> CompareAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress("what runs now");
        var (version, database) = await _api.VersionsAsync(cancellationToken);
        var running = ReleaseVersion.Find(version) ?? Require(_state.From.Tag, "what runs");
        var target = _upgrade.Version ?? Require(_state.To.Tag, "what is asked for");
        var skew = new VersionSkew
        {
            Running = running,
            Database = ReleaseVersion.Find(database),
            Target = target,
            Tool = ReleaseVersion.Find(CommandTree.Version)!.Value,
            Agents = await _api.AgentsAsync(cancellationToken),
        };
        var obstacles = skew.Obstacles().ToList();
        if (obstacles.Count > 0)
        {
            throw new InstallationException(
                $"whether {running} can become {target}",
                string.Join("; ", obstacles.Select(static o => o.Got)),
                string.Join(" ", obstacles.Select(static o => o.Next).Distinct())
            );
        }

        foreach (var warning in skew.Warnings())
        {
            Warn($"{warning}.");
        }

        (_state.From, _state.To) = (
            _state.From with
            {
                Version = running.ToString(),
            },
            _state.To with
            {
                Version = target.ToString(),
            }
        );
        return $"{running} → {target}, qleetctl {skew.Tool}, {skew.Agents.Count} {(skew.Agents.Count == 1 ? "agent" : "agents")}";
    }

    private static ReleaseVersion Require(string tag, string what) =>
        ReleaseVersion.Find(tag)
        ?? throw new InstallationException(
            $"which version {what} is",
            $"it does not say, and its tag is {tag}",
            "Use a tag that is a version, as in 0.2.0."
        );

    private async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var step in _upgrade.Replacing(UntilAnswered(_state.To)))
            {
                await _lines.RunAsync(step, cancellationToken);
            }
        }
        catch (FailureException e)
        {
            _terminal.Error.WriteLine(e.Message);
            _terminal.Error.WriteLine($"What ran before is put back: {_state.From}.");
            await PutBackAsync(cancellationToken);
            await FollowAsync(cancellationToken);
            throw new FailureException(
                $"The upgrade of {_name} to {_state.To} failed (see above), and {_state.From} runs again. Nothing of what was stored was lost."
            );
        }
    }

    private Func<Action<string>, CancellationToken, Task> UntilAnswered(Release release) =>
        (progress, cancellationToken) => _api.UntilAsync(release.Version, _settings.Limit, progress, cancellationToken);

    /// <summary>Some may have been on their way already.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AgentsAsync(_state.From, cancellationToken);
        }
        catch (FailureException e)
        {
            Warn(e.Message);
        }
    }

    /// <summary>Waits for those that have not followed yet.</summary>
    public async Task<int> AgentsAsync(Release release, CancellationToken cancellationToken)
    {
        var wait = new AgentWait(_api, release.Version, _settings.Limit, Warn);
        await _lines.RunAsync(new("Agents", wait.RunAsync), cancellationToken);
        return ExitCode.Done;
    }

    private void Note(string step)
    {
        _state.Done.Add(step);
        _record.Save();
    }

    private void Warn(string text) => _terminal.Error.WriteLine($"Warning: {text}");
}
