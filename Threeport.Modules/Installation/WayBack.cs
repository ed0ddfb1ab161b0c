using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>
/// What ran before, kept in the cluster as it was: the way back needs neither the program that installed it nor the machine that did.
/// Secrets are only named in it.
/// </summary>
internal sealed class WayBack(ClusterClient cluster, string ns)
{
    private const string Name = "previous";
    private const string ReleaseEntry = "release";

    private static readonly (string Entry, string ApiVersion, string Kind, string Name)[] Parts =
    [
        ("api", "apps/v1", "Deployment", "api"),
        ("controllers", "apps/v1", "Deployment", "controllers"),
        ("postgres-settings", "v1", "ConfigMap", "postgres-settings"),
        ("postgres", "apps/v1", "StatefulSet", "postgres"),
        ("nats", "apps/v1", "StatefulSet", "nats"),
    ];

    /// <summary>Keeps what there is, in place of what was kept before.</summary>
    /// <param name="release">What it is.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task KeepAsync(Release release, CancellationToken cancellationToken)
    {
        var data = new JsonObject { [ReleaseEntry] = Of(release) };
        foreach (var (entry, apiVersion, kind, name) in Parts)
        {
            if (await cluster.FindAsync(new(apiVersion, kind, ns, name), cancellationToken) is { } live)
            {
                data[entry] = Stated(live).ToJsonString();
            }
        }

        await cluster.ApplyAsync(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject
                {
                    ["name"] = Name,
                    ["namespace"] = ns,
                    ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "threeport" },
                },
                ["data"] = data,
            },
            cancellationToken
        );
    }

    /// <summary>Whether what is kept is that version.</summary>
    public async Task<bool> LeadsToAsync(Release release, CancellationToken cancellationToken) =>
        (await DataAsync(cancellationToken))?[ReleaseEntry]?.GetValue<string>() == Of(release);

    /// <summary>Puts back one part; nothing where there was none.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> PutBackAsync(string entry, CancellationToken cancellationToken)
    {
        if ((await DataAsync(cancellationToken))?[entry]?.GetValue<string>() is not { } text)
        {
            return false;
        }

        await cluster.ApplyAsync(JsonNode.Parse(text)!.AsObject(), cancellationToken);
        return true;
    }

    /// <summary>What of an object was wanted of it, the cluster's defaults included; nothing of what came of that.</summary>
    internal static JsonObject Stated(JsonObject live)
    {
        var stated = new JsonObject
        {
            ["apiVersion"] = live["apiVersion"]!.DeepClone(),
            ["kind"] = live["kind"]!.DeepClone(),
            ["metadata"] = new JsonObject
            {
                ["name"] = live["metadata"]!["name"]!.DeepClone(),
                ["namespace"] = live["metadata"]!["namespace"]?.DeepClone(),
                ["labels"] = live["metadata"]!["labels"]?.DeepClone(),
            },
        };
        foreach (var part in new[] { "spec", "data" })
        {
            if (live[part] is { } value)
            {
                stated[part] = value.DeepClone();
            }
        }

        RemoveEmpty(stated);
        foreach (var claim in stated["spec"]?["volumeClaimTemplates"] as JsonArray ?? [])
        {
            (claim as JsonObject)?.Remove("status");
        }

        return stated;
    }

    private async Task<JsonObject?> DataAsync(CancellationToken cancellationToken) =>
        (await cluster.FindAsync(new("v1", "ConfigMap", ns, Name), cancellationToken))?["data"] as JsonObject;

    private static string Of(Release release) => $"{release.Registry} {release.Tag}";

    /// <summary>Nulls that the cluster writes and would not take: <c>creationTimestamp: null</c>.</summary>
    private static void RemoveEmpty(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                RemoveEmpty(item);
            }

            return;
        }

        foreach (var (name, value) in (node as JsonObject)?.ToList() ?? [])
        {
            if (value is null)
            {
                ((JsonObject)node!).Remove(name);
            }
            else
            {
                RemoveEmpty(value);
            }
        }
    }
}
