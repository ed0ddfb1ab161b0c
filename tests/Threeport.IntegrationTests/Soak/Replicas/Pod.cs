using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Soak.Replicas;

/// <summary>A pod on this machine, to be done violence to from outside of it.</summary>
internal sealed class Pod(JsonNode manifest)
{
    public string Name { get; } = (string)manifest["metadata"]!["name"]!;

    public string Uid { get; } = (string)manifest["metadata"]!["uid"]!;

    public int Restarts =>
        manifest["status"]?["containerStatuses"]?.AsArray().Sum(static s => (int)s!["restartCount"]!) ?? 0;

    public bool IsReady =>
        manifest["metadata"]!["deletionTimestamp"] is null
        && manifest["status"]
            ?["conditions"]?.AsArray()
            .Any(static c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True")
            is true;

    /// <summary>SIGKILL to all that runs in its containers, as the kernel does when memory is short.</summary>
    public void Kill()
    {
        var killed = 0;
        foreach (var (id, _) in Processes().Where(static p => !p.HoldsTheNetwork))
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
                killed++;
            }
            catch (ArgumentException)
            {
                // The first process of a container takes the others with it.
            }
        }

        Assert.That(killed, Is.Positive, $"nothing runs in {Name}");
    }

    /// <summary>Drops every packet from it and to it. Nobody is told: connections stay as they were.</summary>
    public Task PartitionAsync() => RulesAsync("-I");

    /// <summary>Lets packets through again.</summary>
    public Task HealAsync() => RulesAsync("-D");

    private async Task RulesAsync(string action)
    {
        // The one process that lives as long as the pod holds its network.
        var (holder, _) = Processes().First(static p => p.HoldsTheNetwork);
        foreach (var (chain, side) in new[] { ("INPUT", "-i"), ("OUTPUT", "-o") })
        {
            await ChildProcess.RunAsync(
                "nsenter",
                [
                    "--target",
                    holder.ToString(CultureInfo.InvariantCulture),
                    "--net",
                    "iptables",
                    "-w",
                    "5",
                    action,
                    chain,
                    side,
                    "eth0",
                    "-j",
                    "DROP",
                ]
            );
        }
    }

    /// <summary>What runs in the pod: in one of its containers, or in what is there before them and has no name in its status.</summary>
    private List<(int Id, bool HoldsTheNetwork)> Processes()
    {
        var containers = (manifest["status"]?["containerStatuses"]?.AsArray() ?? [])
            .Select(static s => ((string?)s!["containerID"] ?? "").Split('/')[^1])
            .Where(static id => id.Length > 0)
            .ToList();
        var found = new List<(int, bool)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
            {
                continue;
            }

            var group = Text(folder, "cgroup");
            if (group.Contains(Uid, StringComparison.Ordinal))
            {
                found.Add((id, !containers.Exists(c => group.Contains(c, StringComparison.Ordinal))));
            }
        }

        return found;
    }

    /// <summary>Empty of a process that is gone meanwhile.</summary>
    private static string Text(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
