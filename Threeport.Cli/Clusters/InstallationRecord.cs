using System.Text.Json.Nodes;
using Threeport.Cli.Clusters.Eks;
using Threeport.Cli.Configuration;
using Threeport.Cli.Files;
using Threeport.Cli.Output;
using Threeport.Installation;

namespace Threeport.Cli.Clusters;

/// <summary>
/// What this machine knows of an installation in a cluster: where it is, how it was wanted, and how far it came. Enough to go on with
/// it, or to take it away when it no longer answers. Beside the configuration, readable by its owner alone.
/// </summary>
internal sealed class InstallationRecord
{
    public required string Provider { get; init; }

    /// <summary>The user's own kubeconfig, or that of a cluster which was made for the control plane.</summary>
    public string? Kubeconfig { get; set; }

    /// <summary>The context in it; null until the cluster is there.</summary>
    public string? Context { get; set; }

    /// <summary>
    /// The id of the namespace <c>kube-system</c>: a cluster has only one, and keeps it. A context of the same name may be another
    /// cluster tomorrow.
    /// </summary>
    public string? ClusterId { get; set; }

    /// <summary>A folder with the images as archives, for a cluster that is made for the control plane.</summary>
    public string? Images { get; set; }

    public required InstallationPlan Plan { get; set; }

    /// <summary>Where at AWS it is; null elsewhere.</summary>
    public EksState? Eks { get; set; }

    /// <summary>A move to another version that did not end yet.</summary>
    public UpgradeState? Upgrade { get; set; }

    /// <summary>The version before, which can be gone back to.</summary>
    public Release? Previous { get; set; }

    /// <summary>The steps that were done, in their order.</summary>
    public List<string> Done { get; } = [];

    public static string FileOf(string name) => PathOf($"{name}.json");

    /// <summary>The kubeconfig of a cluster that was made for the control plane of that name.</summary>
    public static string KubeconfigOf(string name) => PathOf($"{name}.kubeconfig");

    /// <summary>
    /// Keeps others on this machine from the control plane of that name; the system lets go of it when the process ends, however it does.
    /// </summary>
    /// <exception cref="FailureException">Another command is at it.</exception>
    public static IDisposable Lock(string name)
    {
        var file = PathOf($"{name}.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new FailureException(
                $"Another `qleetctl up`, `upgrade` or `down` is at work on \"{name}\". Wait until it ends, or end it."
            );
        }
    }

    /// <returns>Null when there is none of that name.</returns>
    public static InstallationRecord? Find(string name)
    {
        var file = FileOf(name);
        if (!File.Exists(file) || JsonNode.Parse(File.ReadAllText(file)) is not JsonObject root)
        {
            return null;
        }

        string? Text(string field) => root[field] is { } value ? value.Text() : null;
        var record = new InstallationRecord
        {
            Provider = Text("provider")!,
            Kubeconfig = Text("kubeconfig"),
            Context = Text("context"),
            ClusterId = Text("clusterId"),
            Images = Text("images"),
            Plan = new()
            {
                Name = name,
                Size = Text("size")!,
                Registry = Text("imageRegistry")!,
                Tag = Text("imageTag")!,
                StorageClass = Text("storageClass"),
                DatabaseStorage = Text("storage")!,
                Expose = Text("expose")!,
                Port = root["port"]?.GetValue<int>(),
                Endpoint = Text("endpoint") is { } endpoint ? new(endpoint) : null,
                HasOwnDatabase = root["ownDatabase"]?.GetValue<bool>() is true,
                HasOwnBroker = root["ownBroker"]?.GetValue<bool>() is true,
                PostgresImage = Text("postgresImage"),
                NatsImage = Text("natsImage"),
            },
            Eks = EksState.Read(root["eks"]),
            Upgrade = UpgradeState.Read(root["upgrade"]),
            Previous = UpgradeState.ReadRelease(root["previous"]),
        };
        record.Done.AddRange((root["done"] as JsonArray ?? []).Select(static d => d.Text()));
        record.Plan = record.Plan with { Aws = record.Eks?.Surroundings };
        return record;
    }

    public void Save()
    {
        var file = FileOf(Plan.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var root = Json.Object(
            ("provider", Provider),
            ("kubeconfig", Kubeconfig),
            ("context", Context),
            ("clusterId", ClusterId),
            ("images", Images),
            ("size", Plan.Size),
            ("imageRegistry", Plan.Registry),
            ("imageTag", Plan.Tag),
            ("storageClass", Plan.StorageClass),
            ("storage", Plan.DatabaseStorage),
            ("expose", Plan.Expose),
            ("port", Plan.Port is { } port ? JsonValue.Create(port) : null),
            ("endpoint", Plan.Endpoint?.ToString()),
            ("ownDatabase", Plan.HasOwnDatabase),
            ("ownBroker", Plan.HasOwnBroker),
            ("postgresImage", Plan.PostgresImage),
            ("natsImage", Plan.NatsImage),
            ("eks", Eks?.ToJson()),
            ("upgrade", Upgrade?.ToJson()),
            ("previous", Previous is { } previous ? UpgradeState.Write(previous) : null),
            ("done", new JsonArray([.. Done.Select(static d => (JsonNode)d)]))
        );
        OwnerFile.Write(file, Json.Write(root));
    }

    public void Add(string step)
    {
        if (!Done.Contains(step))
        {
            Done.Add(step);
        }

        Save();
    }

    public void Forget()
    {
        File.Delete(KubeconfigOf(Plan.Name));
        var file = FileOf(Plan.Name);
        // What a command that was killed was about to put in a file's place. The lock says that none is at it.
        foreach (var half in Directory.GetFiles(Path.GetDirectoryName(file)!, $"{Plan.Name}.*.new"))
        {
            File.Delete(half);
        }

        File.Delete(file);
    }

    private static string PathOf(string file) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(ConfigFile.DefaultPath))!, "installations", file);
}
