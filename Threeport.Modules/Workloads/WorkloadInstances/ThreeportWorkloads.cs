using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>The custom resource that tells the agent what to look at.</summary>
internal static class ThreeportWorkloads
{
    private const string ApiVersion = "threeport.io/v1";
    private const string Kind = "ThreeportWorkload";

    public static ObjectReference Reference(string instanceId) => new(ApiVersion, Kind, null, instanceId);

    /// <summary>For an instance that was applied, to the agent of that scope.</summary>
    public static JsonObject For(WorkloadInstance instance, AgentScope scope) =>
        new()
        {
            ["apiVersion"] = ApiVersion,
            ["kind"] = Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = instance.Id.ToString("D"),
                ["labels"] = new JsonObject
                {
                    [WorkloadLabels.ManagedBy] = "threeport",
                    [AgentScope.Label] = scope.Namespace,
                },
            },
            ["spec"] = new JsonObject
            {
                ["workloadInstance"] = instance.Name,
                ["objects"] = new JsonArray([
                    .. instance.Status.Inventory.Where(static o => !o.Removing).Select(static o => (JsonNode?)Entry(o)),
                ]),
            },
        };

    private static JsonObject Entry(AppliedObject applied)
    {
        var entry = new JsonObject { ["apiVersion"] = applied.ApiVersion, ["kind"] = applied.Kind };
        if (applied.Namespace is not null)
        {
            entry["namespace"] = applied.Namespace;
        }

        entry["name"] = applied.Name;
        if (applied.FieldsHash is not null)
        {
            entry["fieldsHash"] = applied.FieldsHash;
        }

        return entry;
    }
}
