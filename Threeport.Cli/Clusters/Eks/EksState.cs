using System.Text.Json.Nodes;
using Threeport.Cli.Output;
using Threeport.Installation;

namespace Threeport.Cli.Clusters.Eks;

/// <summary>What is known of a control plane at AWS beside what is known of any in a cluster; kept in the record of the installation.</summary>
internal sealed class EksState
{
    public required string Region { get; init; }

    /// <summary>A profile of the user's AWS configuration; null for what the environment says.</summary>
    public string? Profile { get; init; }

    /// <summary>The account that it was begun in: with the credentials of another nothing of it would be found.</summary>
    public string? Account { get; set; }

    /// <summary>What AWS calls the place in words that no provider owns.</summary>
    public string? Location { get; set; }

    /// <summary>The role of the controllers; known once the cluster is there.</summary>
    public string? Role { get; set; }

    /// <summary>What the environment says of AWS that holds for the controllers, too.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The threeport that asks AWS, and that the temporary control plane is.</summary>
    public string? Binary { get; init; }

    /// <summary>Where the temporary control plane listens, once it was started.</summary>
    public string? Listen { get; set; }

    /// <summary>
    /// What the temporary one looks after is being given to the one in the cluster, or was: from here on the temporary one changes nothing, but
    /// to take all of it down.
    /// </summary>
    public bool IsHandedOver { get; set; }

    /// <summary>What of the way back was done; empty while nobody asked for it.</summary>
    public List<string> Undone { get; } = [];

    /// <summary>The same as far as it came, told anew where and how.</summary>
    public EksState As(string region, string? profile, IReadOnlyDictionary<string, string> environment, string binary)
    {
        var state = new EksState
        {
            Region = region,
            Profile = profile,
            Account = Account,
            Location = Location,
            Role = Role,
            Environment = environment,
            Binary = binary,
            Listen = Listen,
            IsHandedOver = IsHandedOver,
        };
        state.Undone.AddRange(Undone);
        return state;
    }

    /// <summary>What the controllers are told of it.</summary>
    public AwsSurroundings Surroundings =>
        new()
        {
            Region = Region,
            RoleArn = Role,
            Environment = Environment,
        };

    public static EksState? Read(JsonNode? node)
    {
        if (node is not JsonObject root)
        {
            return null;
        }

        string? Text(string field) => root[field] is { } value ? value.Text() : null;
        var state = new EksState
        {
            Region = Text("region")!,
            Profile = Text("profile"),
            Account = Text("account"),
            Location = Text("location"),
            Role = Text("role"),
            Environment = (root["environment"] as JsonObject ?? []).ToDictionary(
                static e => e.Key,
                static e => e.Value.Text()
            ),
            Binary = Text("threeport"),
            Listen = Text("listen"),
            IsHandedOver = root["handedOver"]?.GetValue<bool>() is true,
        };
        state.Undone.AddRange((root["undone"] as JsonArray ?? []).Select(static d => d.Text()));
        return state;
    }

    public JsonObject ToJson() =>
        Json.Object(
            ("region", Region),
            ("profile", Profile),
            ("account", Account),
            ("location", Location),
            ("role", Role),
            (
                "environment",
                new JsonObject(Environment.Select(static e => KeyValuePair.Create<string, JsonNode?>(e.Key, e.Value)))
            ),
            ("threeport", Binary),
            ("listen", Listen),
            ("handedOver", IsHandedOver),
            ("undone", new JsonArray([.. Undone.Select(static d => (JsonNode)d)]))
        );
}
