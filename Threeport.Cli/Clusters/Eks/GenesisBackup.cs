using System.Text.Json.Nodes;
using Threeport.Cli.Commands;
using Threeport.Cli.Connection;
using Threeport.Cli.Files;

namespace Threeport.Cli.Clusters.Eks;

/// <summary>All that one control plane stores, into a file, and from it into another: how what stands at AWS changes hands.</summary>
internal sealed class GenesisBackup(string name)
{
    /// <summary>More than a control plane takes for one.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly string _passphrase = GenesisFiles.Passphrase(name);

    /// <summary>Takes the place of one of that name only once it is whole.</summary>
    public async Task<string> WriteAsync(ApiClient client, string path, CancellationToken cancellationToken)
    {
        var next = $"{path}.next";
        File.Delete(next);
        var written = await BackupFile.WriteAsync(
            next,
            _passphrase,
            file => client.DownloadAsync("/v0/backups", Secret(), file, cancellationToken),
            cancellationToken
        );
        File.Move(next, path, overwrite: true);
        return BackupCommand.Describe(written);
    }

    /// <summary>Into an empty one, which then waits for a yes.</summary>
    public async Task RestoreAsync(ApiClient client, string path, CancellationToken cancellationToken)
    {
        await using var file = BackupFile.Open(path);
        await client.UploadAsync("/v0/restore", Secret(), file, Limit, cancellationToken);
    }

    /// <summary>The yes.</summary>
    public static Task ConfirmAsync(ApiClient client, CancellationToken cancellationToken) =>
        client.SendAsync(new(HttpMethod.Post, "/v0/restore/confirm", new JsonObject()), cancellationToken);

    /// <summary>Whether it was restored and waits for the yes.</summary>
    public static async Task<bool> IsWaitingAsync(ApiClient client, CancellationToken cancellationToken) =>
        (await client.SendAsync(ApiRequest.Get("/v0/restore"), cancellationToken)).Body?["observing"] is not null;

    private JsonObject Secret() => new() { ["passphrase"] = _passphrase };
}
