using System.Reflection;
using Threeport.BackupFormat;

namespace Threeport.Server.Backups;

/// <summary>Which version this is, and which one what is stored may go to: migrations only add, so to the same or a newer one.</summary>
internal static class ProductVersion
{
    public static string Current { get; } =
        typeof(ProductVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "0.0.0";

    /// <summary>Whether that is a newer version than this.</summary>
    public static bool IsNewer(string version) => Number(version) > Number(Current);

    /// <exception cref="BackupException">A newer version made it.</exception>
    public static void Require(string made)
    {
        if (IsNewer(made))
        {
            throw new BackupException(
                $"The backup was made by threeport {made}, and this is threeport {Current}: restore it with {made} or a newer version."
            );
        }
    }

    private static Version? Number(string version) =>
        Version.TryParse(version.Split('-')[0], out var number) ? number : null;
}
