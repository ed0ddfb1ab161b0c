namespace Threeport.Host.Embedded;

/// <summary>Finds programs on the PATH or where distributions put them.</summary>
internal static class Binaries
{
    private static readonly string[] Elsewhere = ["/usr/local/bin", "/usr/bin", "/usr/sbin", "/usr/local/sbin"];

    /// <returns>The path, or null when it is not installed.</returns>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(Elsewhere)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    /// <summary>The folder of a PostgreSQL installation.</summary>
    /// <param name="version">The major version that the data was made with; null for the newest.</param>
    public static string? FindPostgres(string? version)
    {
        const string versions = "/usr/lib/postgresql";
        var packaged = Directory.Exists(versions)
            ? Directory
                .EnumerateDirectories(versions)
                .OrderByDescending(static d => int.TryParse(Path.GetFileName(d), out var number) ? number : 0)
                .Where(d => version is null || Path.GetFileName(d) == version)
                .Select(static d => Path.Combine(d, "bin"))
                .FirstOrDefault(static d => File.Exists(Path.Combine(d, "postgres")))
            : null;
        return packaged ?? Path.GetDirectoryName(Find("postgres"));
    }
}
