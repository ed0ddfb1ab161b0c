using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>Which types of a workload's objects live in namespaces: as the cluster says, or the workload's own definition of the type.</summary>
internal sealed class WorkloadTypes
{
    private readonly Dictionary<(string ApiVersion, string Kind), bool> _namespaced = [];

    /// <summary>Types that neither the cluster nor the workload knows.</summary>
    public List<string> Unknown { get; } = [];

    public bool IsNamespaced(string apiVersion, string kind) => _namespaced[(apiVersion, kind)];

    public static async Task<WorkloadTypes> ReadAsync(
        ClusterClient cluster,
        IReadOnlyList<Manifest> manifests,
        CancellationToken cancellationToken
    )
    {
        var types = new WorkloadTypes();
        foreach (
            var (apiVersion, kind) in manifests
                .Select(static m => (m.Reference.ApiVersion, m.Reference.Kind))
                .Distinct()
        )
        {
            var resource = await cluster.FindResourceAsync(apiVersion, kind, cancellationToken);
            if ((resource?.Namespaced ?? Scope(manifests, apiVersion, kind)) is { } namespaced)
            {
                types._namespaced[(apiVersion, kind)] = namespaced;
            }
            else
            {
                types.Unknown.Add($"{kind} of {apiVersion}");
            }
        }

        return types;
    }

    /// <returns>What a definition among the manifests says of the type; null when there is none.</returns>
    private static bool? Scope(IReadOnlyList<Manifest> manifests, string apiVersion, string kind)
    {
        foreach (var spec in manifests.Where(IsDefinition).Select(static m => m.Content["spec"]).OfType<JsonObject>())
        {
            if (
                Text(spec["names"]?["kind"]) == kind
                && apiVersion.StartsWith($"{Text(spec["group"])}/", StringComparison.Ordinal)
            )
            {
                return Text(spec["scope"]) == "Namespaced";
            }
        }

        return null;
    }

    private static bool IsDefinition(Manifest manifest) => manifest.Reference.Kind == "CustomResourceDefinition";

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
