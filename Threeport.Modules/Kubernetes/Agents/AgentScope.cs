using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Threeport.Kubernetes;

/// <summary>
/// What in a cluster is one control plane's: its agent's namespace, and by a label with that name everything else that is not in the
/// namespace. Several control planes share a cluster when each has a scope of its own.
/// </summary>
public sealed partial record AgentScope
{
    /// <summary>The configuration key of the namespace.</summary>
    public const string Setting = "Threeport:Agent:Namespace";

    /// <summary>The namespace where nothing else is said.</summary>
    public const string DefaultNamespace = "threeport-system";

    /// <summary>The label of what is a control plane's; its value is the namespace of its agent.</summary>
    public const string Label = "threeport.io/agent";

    private const string Rbac = "rbac.authorization.k8s.io/v1";

    /// <summary>The type of the agents' orders. It is there once for all control planes, and goes with the last.</summary>
    private static readonly ObjectReference OrderType = new(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        null,
        "threeportworkloads.threeport.io"
    );

    /// <summary>In the order in which it goes: the agent before its rights and what it looks at.</summary>
    private static readonly (string ApiVersion, string Kind)[] Kinds =
    [
        ("v1", "Namespace"),
        (Rbac, "ClusterRoleBinding"),
        (Rbac, "ClusterRole"),
        ("threeport.io/v1", "ThreeportWorkload"),
    ];

    private AgentScope(string ns) => Namespace = ns;

    /// <summary>The agent's namespace; it holds nothing else, and goes with the agent.</summary>
    public string Namespace { get; }

    /// <summary>The agent's own ClusterRole and its binding; the roles gathered into it begin with it.</summary>
    public string Role => $"{Namespace}-agent";

    /// <summary>Selects what is this control plane's.</summary>
    public string Selector => $"{Label}={Namespace}";

    /// <summary>The scope of that namespace.</summary>
    /// <param name="ns">A DNS label that begins with <c>threeport-</c>; null for the default.</param>
    /// <exception cref="FormatException">It may not be one; the message says what is allowed.</exception>
    public static AgentScope Of(string? ns) =>
        string.IsNullOrEmpty(ns) ? new(DefaultNamespace)
        : Allowed().IsMatch(ns) ? new(ns)
        : throw new FormatException(
            $"{Setting} \"{ns}\": threeport- and up to 53 more lower-case letters, digits and dashes are allowed"
        );

    /// <summary>Everything of this control plane outside its agent's namespace, the namespace, and what nobody else needs.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="cancellationToken">Of the pass.</param>
    public async Task<IReadOnlyList<ObjectReference>> FindAsync(
        ClusterClient cluster,
        CancellationToken cancellationToken
    )
    {
        var found = new List<ObjectReference>();
        foreach (var (apiVersion, kind) in Kinds)
        {
            found.AddRange(
                (await ListAsync(cluster, apiVersion, kind, Selector, cancellationToken)).Select(ObjectReference.Of)
            );
        }

        // Whoever goes at the same time is terminating already: one of both sees no other.
        var others = await ListAsync(cluster, "v1", "Namespace", $"{Label},{Label}!={Namespace}", cancellationToken);
        if (
            others.All(static n => n["metadata"]?["deletionTimestamp"] is not null)
            && await cluster.FindAsync(OrderType, cancellationToken, metadataOnly: true) is not null
        )
        {
            found.Add(OrderType);
        }

        return found;
    }

    private static async Task<IReadOnlyList<JsonObject>> ListAsync(
        ClusterClient cluster,
        string apiVersion,
        string kind,
        string selector,
        CancellationToken cancellationToken
    )
    {
        var query = new ListQuery { LabelSelector = selector, MetadataOnly = true };
        try
        {
            return await cluster.FindResourceAsync(apiVersion, kind, cancellationToken) is { } resource
                ? (await cluster.ListAsync(resource, query, cancellationToken)).Items
                : [];
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            // The type went between the look and the list.
            return [];
        }
    }

    [GeneratedRegex(@"^threeport-[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?\z")]
    private static partial Regex Allowed();
}
