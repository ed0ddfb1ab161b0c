using System.Globalization;
using System.Text.Json.Nodes;
using Threeport.Cli.Commands;
using Threeport.Cli.Configuration;
using Threeport.Cli.Connection;
using Threeport.Cli.Files;
using Threeport.Installation;

namespace Threeport.Cli.Clusters;

/// <summary>The backup that is made before the database is changed: once for each upgrade, however often that is begun.</summary>
/// <param name="controlPlane">Whose.</param>
/// <param name="path">Where it goes.</param>
/// <param name="passphrase">What it is encrypted with; null when it is there already.</param>
internal sealed class UpgradeBackup(ControlPlane controlPlane, string path, string? passphrase)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Beside what is known of the installation.</summary>
    public static string PathFor(string folder, string name, string from) =>
        Path.Combine(
            folder,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}-{from}-{TimeProvider.System.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}.backup"
            )
        );

    /// <exception cref="InstallationException">There is none that is whole, so nothing was changed.</exception>
    public async Task<string> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            return $"{path}, made before";
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        RemoveHalf();
        progress("the database is read");
        try
        {
            using var client = new ApiClient(controlPlane, Patience, null);
            var written = await BackupFile.WriteAsync(
                path,
                passphrase!,
                file =>
                    client.DownloadAsync(
                        "/v0/backups",
                        new JsonObject { ["passphrase"] = passphrase },
                        file,
                        cancellationToken
                    ),
                cancellationToken
            );
            return $"{path}: {BackupCommand.Describe(written)}, verified";
        }
        catch (FailureException e)
        {
            throw new InstallationException(
                "to back the database up",
                e.Message,
                "Nothing was changed. With a backup of your own: --no-backup."
            );
        }
    }

    /// <summary>What a process that was killed had begun.</summary>
    private void RemoveHalf()
    {
        foreach (var half in Directory.GetFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*.new"))
        {
            File.Delete(half);
        }
    }
}
