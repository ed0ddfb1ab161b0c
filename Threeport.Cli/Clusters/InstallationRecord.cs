using System.Text.Json.Nodes;
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

    public string? Kubeconfig { get; init; }

    public required string Context { get; init; }

    public required InstallationPlan Plan { get; init; }

    /// <summary>The steps that were done, in their order.</summary>
    public List<string> Done { get; } = [];

    public static string FileOf(string name) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(ConfigFile.DefaultPath))!, "installations", $"{name}.json");

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
            Context = Text("context")!,
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
            },
        };
        record.Done.AddRange((root["done"] as JsonArray ?? []).Select(static d => d.Text()));
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
            ("done", new JsonArray([.. Done.Select(static d => (JsonNode)d)]))
        );
        OwnerFile.Write(file, Json.Write(root));
    }

    public void Forget() => File.Delete(FileOf(Plan.Name));
}
