using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Threeport.Kubernetes;

namespace Threeport.Modules.Workloads.WorkloadInstances;

/// <summary>
/// Lets the agent read the types that workloads are made of, and no others: one small role a type, gathered into the agent's
/// own by the label. Each is written once by a process; roles of types no longer in use stay, and grant reading only.
/// </summary>
internal sealed class AgentRights(AgentScope scope)
{
    private readonly ConditionalWeakTable<ClusterClient, ConcurrentDictionary<ApiResource, bool>> _granted = [];

    /// <summary>Whose agent it is.</summary>
    public AgentScope Scope => scope;

    public async Task GrantAsync(
        ClusterClient cluster,
        IEnumerable<ObjectReference> objects,
        CancellationToken cancellationToken
    )
    {
        var granted = _granted.GetValue(cluster, static _ => new(new ByName()));
        foreach (var type in objects.Select(static o => (o.ApiVersion, o.Kind)).Distinct())
        {
            var resource = await cluster.FindResourceAsync(type.ApiVersion, type.Kind, cancellationToken);
            if (resource is not null && !granted.ContainsKey(resource))
            {
                await cluster.ApplyAsync(Role(resource), cancellationToken);
                granted[resource] = true;
            }
        }
    }

    private JsonObject Role(ApiResource resource) =>
        new()
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1",
            ["kind"] = "ClusterRole",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{scope.Role}-{resource.Plural}{(resource.Group.Length == 0 ? "" : $".{resource.Group}")}",
                ["labels"] = new JsonObject
                {
                    [WorkloadLabels.ManagedBy] = "threeport",
                    [AgentScope.Label] = scope.Namespace,
                    ["threeport.io/aggregate-to-agent"] = scope.Namespace,
                },
            },
            ["rules"] = new JsonArray(
                new JsonObject
                {
                    ["apiGroups"] = new JsonArray(resource.Group),
                    ["resources"] = new JsonArray(resource.Plural),
                    ["verbs"] = new JsonArray("get", "list", "watch"),
                }
            ),
        };

    /// <summary>The verbs of a type are a list, which a record compares by reference.</summary>
    private sealed class ByName : IEqualityComparer<ApiResource>
    {
        public bool Equals(ApiResource? x, ApiResource? y) => x?.Group == y?.Group && x?.Plural == y?.Plural;

        public int GetHashCode(ApiResource obj) => HashCode.Combine(obj.Group, obj.Plural);
    }
}
