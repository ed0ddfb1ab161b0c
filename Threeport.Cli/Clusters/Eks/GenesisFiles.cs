using System.Security.Cryptography;
using Threeport.Cli.Files;

namespace Threeport.Cli.Clusters.Eks;

/// <summary>What is kept of a control plane at AWS beside its record: by it, `down` works when nothing answers any more.</summary>
internal static class GenesisFiles
{
    private const UnixFileMode Passable = UnixFileMode.OtherExecute;
    private const string OfRoot = "/var/lib/threeport-genesis";

    /// <summary>Where the temporary control plane keeps its state.</summary>
    public static string FolderOf(string name)
    {
        var beside = Beside(name, "genesis");
        // As root its PostgreSQL runs as a user of its own, who does not get through root's home.
        return Environment.IsPrivilegedProcess && !IsPassable(Path.GetDirectoryName(beside)!)
            ? Path.Combine(OfRoot, name)
            : beside;
    }

    /// <summary>What was made to have it in goes with the last of them.</summary>
    public static void Tidy(string name)
    {
        if (
            Path.GetDirectoryName(FolderOf(name)) == OfRoot
            && Directory.Exists(OfRoot)
            && !Directory.EnumerateFileSystemEntries(OfRoot).Any()
        )
        {
            Directory.Delete(OfRoot);
        }
    }

    /// <summary>What the temporary control plane stored when it gave it away.</summary>
    public static string BackupOf(string name) => Beside(name, "genesis.backup");

    /// <summary>What the one in the cluster stored when it was taken down.</summary>
    public static string LastBackupOf(string name) => Beside(name, "last.backup");

    /// <summary>What both are encrypted with; made when it is needed first, readable by its owner alone.</summary>
    public static string Passphrase(string name)
    {
        var file = PassphraseFile(name);
        if (!File.Exists(file))
        {
            OwnerFile.Write(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }

        return File.ReadAllText(file).Trim();
    }

    /// <summary>All but the folder.</summary>
    public static void Remove(string name)
    {
        File.Delete(BackupOf(name));
        File.Delete(LastBackupOf(name));
        File.Delete(PassphraseFile(name));
    }

    private static string PassphraseFile(string name) => Beside(name, "genesis.passphrase");

    private static string Beside(string name, string ending) =>
        Path.ChangeExtension(InstallationRecord.FileOf(name), null) + $".{ending}";

    private static bool IsPassable(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (at.Exists && !at.UnixFileMode.HasFlag(Passable))
            {
                return false;
            }
        }

        return true;
    }
}
