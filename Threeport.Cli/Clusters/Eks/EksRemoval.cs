using Threeport.Cli.Configuration;
using Threeport.Cli.Connection;
using Threeport.Cli.Output;
using Threeport.Installation;
using Threeport.Kubernetes;

namespace Threeport.Cli.Clusters.Eks;

/// <summary>
/// The way back from AWS: the inventory of the cluster goes to a temporary control plane on this machine, what runs in the cluster goes, then the
/// cluster and all that it stands on. Each of these is recorded, so that the same command goes on wherever it was ended.
/// </summary>
internal sealed class EksRemoval
{
    private const string Inventory = "Inventory";
    private const string Installed = "Installation";
    private const string Cluster = "Cluster";

    private readonly InstallationRecord _record;
    private readonly EksState _state;
    private readonly AwsTool _tool;
    private readonly GenesisControlPlane _genesis;
    private readonly string _name;
    private readonly bool _isForced;

    /// <param name="record">Of what is to go.</param>
    /// <param name="isForced">A cluster that does not answer is no reason to stop.</param>
    public EksRemoval(InstallationRecord record, bool isForced)
    {
        (_record, _state, _name, _isForced) = (record, record.Eks!, record.Plan.Name, isForced);
        _tool = new(_state);
        _genesis = new(record, _state, _tool.Binary);
    }

    public async Task RunAsync(StepLines lines, CancellationToken cancellationToken)
    {
        try
        {
            await lines.RunAsync(new("AWS", CheckAsync), cancellationToken);
            await OnceAsync(Inventory, () => lines.RunAsync(new(Inventory, TakeAsync), cancellationToken));
            await OnceAsync(Installed, () => InstallationAsync(lines, cancellationToken));
            await OnceAsync(Cluster, () => lines.RunAsync(new(Cluster, ClusterAsync), cancellationToken));
            await lines.RunAsync(new("Temporary one gone", ForgetAsync), cancellationToken);
        }
        catch when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody is at work on it; what it stores stays, for the same command to go on with.
            await _genesis.StopAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Only what is on this machine.</summary>
    public async Task<string> ForgetAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress("to stop it, and to remove what it stored");
        await _genesis.RemoveAsync(cancellationToken);
        GenesisFiles.Remove(_name);
        return "nothing of it is left on this machine";
    }

    private async Task OnceAsync(string what, Func<Task> run)
    {
        if (!_state.Undone.Contains(what))
        {
            await run();
            _state.Undone.Add(what);
            _record.Save();
        }
    }

    private async Task<string> CheckAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress("who you are");
        var identity = await _tool.IdentityAsync(cancellationToken);
        var account = identity["account"].Text();
        return _state.Account is null || _state.Account == account
            ? $"{identity["arn"].Text()}, {_state.Region}"
            : throw new InstallationException(
                "to ask AWS who you are",
                $"these credentials are of the account {account}, and \"{_name}\" is in {_state.Account}",
                "Use those of that account: another profile with AWS_PROFILE, or as it was at `up`."
            );
    }

    /// <summary>From whoever has it: the control plane in the cluster, what was kept when that got it, or the temporary one itself.</summary>
    private async Task<string> TakeAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress("to ask the control plane in the cluster");
        var (source, from) = await LiveAsync(progress, cancellationToken)
            ? (GenesisFiles.LastBackupOf(_name), "the control plane in the cluster")
            : (GenesisFiles.BackupOf(_name), "what was kept when it was made");
        if (File.Exists(source) && (_state.IsHandedOver || source == GenesisFiles.LastBackupOf(_name)))
        {
            progress("to start a temporary control plane");
            await _genesis.RemoveAsync(cancellationToken);
            await _genesis.StartAsync(GenesisControlPlane.ApiOnly, cancellationToken);
            using var empty = _genesis.Client();
            progress("to give it the inventory");
            await new GenesisBackup(_name).RestoreAsync(empty, source, cancellationToken);
            // It has no controllers yet: nothing begins with the yes but that it may be written to.
            await GenesisBackup.ConfirmAsync(empty, cancellationToken);
        }
        else if (_genesis.IsThere)
        {
            from = "the temporary control plane, which never gave it away";
            progress("to start it");
            await _genesis.StartAsync(GenesisControlPlane.ApiOnly, cancellationToken);
        }
        else
        {
            return "none: nothing was made at AWS";
        }

        using var client = _genesis.Client();
        // The cluster is emptied by who goes through it now, and filled by nobody.
        var known = await new Resources(client, _name).PatchAsync(
            Registration.Runtimes,
            new() { ["agent"] = EksProvider.NoAgent },
            cancellationToken
        );
        return known ? $"from {from}" : "none: nothing was made at AWS";
    }

    /// <summary>Has the control plane in the cluster write down all that it stores, if it answers and is the one that has it.</summary>
    private async Task<bool> LiveAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        if (!_state.IsHandedOver || ConfigFile.Load().ControlPlanes.Find(c => c.Name == _name) is not { } entry)
        {
            return false;
        }

        try
        {
            using var client = new ApiClient(entry, TimeSpan.FromSeconds(10), null);
            if (
                await GenesisBackup.IsWaitingAsync(client, cancellationToken)
                || await new Resources(client, _name).FindAsync(Registration.Runtimes, cancellationToken) is null
            )
            {
                return false;
            }

            progress("what it stores is read");
            await new GenesisBackup(_name).WriteAsync(client, GenesisFiles.LastBackupOf(_name), cancellationToken);
            return true;
        }
        catch (FailureException)
        {
            // What it says of itself is no reason to keep it.
            return false;
        }
    }

    /// <summary>First what is in the cluster: load balancers and volumes of it go by who made them, while there is somebody.</summary>
    private async Task InstallationAsync(StepLines lines, CancellationToken cancellationToken)
    {
        if (_record.Context is null)
        {
            return;
        }

        using var cluster = await OpenAsync(cancellationToken);
        foreach (var step in cluster is null ? [] : new Removal(cluster, _name, TimeProvider.System).Steps)
        {
            await lines.RunAsync(step, cancellationToken);
        }
    }

    private async Task<ClusterClient?> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await KnownCluster.OpenAsync(_record, cancellationToken);
        }
        catch (FailureException) when (_isForced)
        {
            return null;
        }
        catch (FailureException e)
        {
            throw new FailureException(
                $"{e.Message} With --force its load balancers are not waited for: what is left of them at AWS is named, and holds up the rest."
            );
        }
    }

    private async Task<string> ClusterAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        if (!_genesis.IsThere)
        {
            return "none";
        }

        progress("to start the temporary control plane");
        await _genesis.StartAsync(GenesisControlPlane.All, cancellationToken);
        using var client = _genesis.Client();
        var resources = new Resources(client, _name);
        await resources.DependentsGoneAsync(progress, cancellationToken);
        await resources.GoneAsync(Registration.Runtimes, progress, cancellationToken);
        await resources.GoneAsync(Resources.Definitions, progress, cancellationToken);
        return $"{_name} in {_state.Region}, and all that it stood on";
    }
}
