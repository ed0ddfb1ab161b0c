using Threeport.Cli.Configuration;
using Threeport.Cli.Connection;
using Threeport.Cli.Output;
using Threeport.Installation;

namespace Threeport.Cli.Clusters.Eks;

/// <summary>
/// What the temporary control plane stores, the inventory of the cluster included, becomes that of the one in the cluster. At no moment do both make
/// the world match it: the temporary one stops before its state is read, for good, and the other waits until it has all of it. At no moment has
/// nobody the inventory: it is in the one until it is in the other, and stays in a file.
/// </summary>
internal sealed class Handover(
    InstallationRecord record,
    EksState state,
    GenesisControlPlane genesis,
    Installer installer
)
{
    private readonly string _name = record.Plan.Name;

    public async Task<string> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        using var client = new ApiClient(ConfigFile.Load().Find(_name), TimeSpan.FromSeconds(30), null);
        var resources = new Resources(client, _name);
        var isWaiting = await GenesisBackup.IsWaitingAsync(client, cancellationToken);
        if (!isWaiting && await resources.FindAsync(Registration.Runtimes, cancellationToken) is null)
        {
            await GiveAsync(client, progress, cancellationToken);
            isWaiting = true;
        }

        if (isWaiting)
        {
            progress("to let the control plane in the cluster go to work");
            await GenesisBackup.ConfirmAsync(client, cancellationToken);
        }

        await resources.PatchAsync(
            Registration.Runtimes,
            Json.Object(
                ("agent", "InCluster"),
                ("agentEndpoint", installer.InnerEndpoint.GetLeftPart(UriPartial.Authority))
            ),
            cancellationToken
        );
        await RevokeAsync(client, cancellationToken);
        return $"the inventory is in {_name}, and in {GenesisFiles.BackupOf(_name)}";
    }

    private async Task GiveAsync(ApiClient to, Action<string> progress, CancellationToken cancellationToken)
    {
        // Noted before it is so: whoever comes after a crash starts it as one that changes nothing.
        state.IsHandedOver = true;
        record.Save();
        progress("the temporary control plane stops making changes");
        await genesis.StartAsync(GenesisControlPlane.ApiOnly, cancellationToken);
        using var from = genesis.Client();
        var backup = new GenesisBackup(_name);
        progress("its state is read");
        await backup.WriteAsync(from, GenesisFiles.BackupOf(_name), cancellationToken);
        progress("its state is given to the one in the cluster");
        await backup.RestoreAsync(to, GenesisFiles.BackupOf(_name), cancellationToken);
    }

    /// <summary>Tokens that the temporary one made for this machine came along; nobody needs them where they are now.</summary>
    private async Task RevokeAsync(ApiClient client, CancellationToken cancellationToken)
    {
        foreach (var id in genesis.Tokens())
        {
            var answer = await client.TrySendAsync(new(HttpMethod.Delete, $"/v0/tokens/{id}"), cancellationToken);
            if (answer.Status >= 400 && answer.Status != 404)
            {
                throw ApiProblem.ToFailure(answer);
            }
        }
    }
}
