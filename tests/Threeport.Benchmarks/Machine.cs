using System.Diagnostics;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.Benchmarks;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    public static async Task<JsonObject> DescribeAsync(Arguments arguments) =>
        new()
        {
            ["at"] = TimeProvider.System.GetUtcNow().ToString("O"),
            ["processors"] = Environment.ProcessorCount,
            ["system"] = Environment.OSVersion.VersionString,
            ["syncs8kPerSecond"] = Syncs(arguments["work"]),
            ["threeport"] = await VersionAsync(Path.Combine(arguments["dist"], "qleetctl"), "version"),
            ["postgresql"] = await VersionAsync(PostgresBinary("postgres"), "--version"),
            ["natsServer"] = await VersionAsync("nats-server", "--version"),
            ["kubeApiserver"] = await VersionAsync(
                Path.Combine(arguments["kubernetes"], "kube-apiserver"),
                "--version"
            ),
            ["etcd"] = await VersionAsync(Path.Combine(arguments["kubernetes"], "etcd"), "--version"),
        };

    /// <summary>Debian keeps PostgreSQL's programs in a folder for each version; the newest is what the control plane takes.</summary>
    public static string PostgresBinary(string name) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Path.Combine(
                Directory
                    .GetDirectories("/usr/lib/postgresql")
                    .OrderByDescending(static d => int.TryParse(Path.GetFileName(d), out var v) ? v : 0)
                    .First(),
                "bin",
                name
            )
            : name;

    /// <summary>How often a second this disk writes 8 kB and says that they are there.</summary>
    private static double Syncs(string folder)
    {
        var block = new byte[8192];
        using var file = File.OpenHandle(
            Path.Combine(folder, "sync"),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None,
            FileOptions.None,
            block.Length
        );
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < 1)
        {
            RandomAccess.Write(file, block, 0);
            RandomAccess.FlushToDisk(file);
            count++;
        }

        return count;
    }

    private static async Task<string> VersionAsync(string file, string argument) =>
        (await ChildProcess.RunAsync(file, [argument])).Split('\n')[0];
}
