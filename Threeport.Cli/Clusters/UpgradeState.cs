using System.Text.Json.Nodes;
using Threeport.Cli.Output;
using Threeport.Installation;

namespace Threeport.Cli.Clusters;

/// <summary>How far a move to another version came; kept in the record of the installation until it ended.</summary>
internal sealed class UpgradeState
{
    public required Release From { get; set; }

    public required Release To { get; set; }

    /// <summary>It failed, or the user wants so: what was before is put back.</summary>
    public bool IsGoingBack { get; set; }

    /// <summary>Where the database was backed up to; null when that is not wanted.</summary>
    public string? Backup { get; set; }

    /// <summary>The steps that were done and are not to be done again.</summary>
    public List<string> Done { get; } = [];

    public static UpgradeState? Read(JsonNode? node)
    {
        if (
            node is not JsonObject root
            || ReadRelease(root["from"]) is not { } from
            || ReadRelease(root["to"]) is not { } to
        )
        {
            return null;
        }

        var state = new UpgradeState
        {
            From = from,
            To = to,
            IsGoingBack = root["goingBack"]?.GetValue<bool>() is true,
            Backup = root["backup"] is { } backup ? backup.Text() : null,
        };
        state.Done.AddRange((root["done"] as JsonArray ?? []).Select(static d => d.Text()));
        return state;
    }

    public JsonObject ToJson() =>
        Json.Object(
            ("from", Write(From)),
            ("to", Write(To)),
            ("goingBack", IsGoingBack),
            ("backup", Backup),
            ("done", new JsonArray([.. Done.Select(static d => (JsonNode)d)]))
        );

    public static Release? ReadRelease(JsonNode? node)
    {
        if (node is not JsonObject root)
        {
            return null;
        }

        string? Text(string field) => root[field] is { } value ? value.Text() : null;
        return new(Text("imageRegistry")!, Text("imageTag")!)
        {
            Version = Text("version"),
            PostgresImage = Text("postgresImage"),
            NatsImage = Text("natsImage"),
        };
    }

    public static JsonObject Write(Release release) =>
        Json.Object(
            ("imageRegistry", release.Registry),
            ("imageTag", release.Tag),
            ("version", release.Version),
            ("postgresImage", release.PostgresImage),
            ("natsImage", release.NatsImage)
        );
}
