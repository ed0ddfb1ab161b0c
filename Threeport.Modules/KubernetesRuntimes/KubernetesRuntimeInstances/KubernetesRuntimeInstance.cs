using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

/// <summary>A Kubernetes cluster that workloads are placed on, and how to reach it.</summary>
[Summary("A Kubernetes cluster that workloads are placed on, and how to reach it.")]
public sealed class KubernetesRuntimeInstance
    : Resource<KubernetesRuntimeInstanceSpec, KubernetesRuntimeInstanceStatus>,
        IKind
{
    public static string Plural => "kubernetes-runtime-instances";

    public static string Singular => "kubernetes-runtime-instance";

    public static IReadOnlyList<string> ShortNames => ["kri", "runtime", "runtimes"];

    /// <summary>How to reach the cluster, or null while there is none yet.</summary>
    /// <exception cref="KubeconfigException">The kubeconfig is not taken.</exception>
    public ClusterConnection? Connection()
    {
        if ((Spec.Kubeconfig ?? Status.Kubeconfig) is { } kubeconfig)
        {
            return Kubeconfig.Parse(kubeconfig);
        }

        if (Spec.ApiEndpoint is { } endpoint)
        {
            return new()
            {
                Server = new(endpoint),
                CaCertificate = Spec.CaCertificate,
                Token = Spec.ConnectionToken,
                Certificate = Spec.Certificate,
                CertificateKey = Spec.CertificateKey,
                TlsServerName = Spec.TlsServerName,
            };
        }

        return Status.ApiEndpoint is { } made
            ? new()
            {
                Server = new(made),
                CaCertificate = Status.CaCertificate,
                Token = Status.ConnectionToken,
            }
            : null;
    }
}

/// <summary>What is asked for. For the provider <c>existing</c>: a kubeconfig, or an endpoint with its CA and a token or a client certificate.</summary>
public sealed record KubernetesRuntimeInstanceSpec
{
    [Column("DEFINITION", 10)]
    [Reference(typeof(KubernetesRuntimeDefinition))]
    [Immutable]
    [Summary("The definition that it is an instance of.")]
    public string KubernetesRuntimeDefinition { get; init; } = "";

    [Column("LOCATION", 20, Wide = true)]
    [Immutable]
    [Summary("Where in the world, in the provider-neutral names: Local, Europe:Paris, …")]
    public string Location { get; init; } = "Local";

    [Column("DEFAULT", 30)]
    [Summary("Used by workloads that name no runtime; at most one runtime has it.")]
    public bool DefaultRuntime { get; init; }

    [Sensitive]
    [FromFile]
    [Summary("A kubeconfig with server, CA and a token or certificate data; commands and paths in it are refused.")]
    public string? Kubeconfig { get; init; }

    [Summary("The Kubernetes API's address, https://host:port; instead of a kubeconfig.")]
    public string? ApiEndpoint { get; init; }

    [Summary("The cluster's CA, PEM.")]
    public string? CaCertificate { get; init; }

    [Summary("A client certificate, PEM.")]
    public string? Certificate { get; init; }

    [Sensitive]
    [Summary("The key of the client certificate, PEM.")]
    public string? CertificateKey { get; init; }

    [Sensitive]
    [Summary("A bearer token; instead of a client certificate.")]
    public string? ConnectionToken { get; init; }

    [Summary("The name in the server's certificate, where it differs from the host in the endpoint.")]
    public string? TlsServerName { get; init; }

    [Summary(
        "How the agent runs: InCluster (installed by the control plane), External (a process that somebody starts) or None (nothing is put into the cluster, and nobody reports)."
    )]
    public string Agent { get; init; } = "InCluster";

    [Summary("The agent's image; the control plane's own default when left out.")]
    public string? ThreeportAgentImage { get; init; }

    [Summary("The control plane's address as the agent reaches it; the control plane's own default when left out.")]
    public string? AgentEndpoint { get; init; }

    [Summary(
        "Whether the agent's pod uses the node's network; needed where the control plane listens on the node's loopback."
    )]
    public bool AgentHostNetwork { get; init; }

    [Summary(
        "With a deletion: what was installed in a cluster that cannot be reached is left behind, workloads on it too."
    )]
    public bool ForceDelete { get; init; }
}

/// <summary>What was found.</summary>
public sealed record KubernetesRuntimeInstanceStatus
{
    [Column("VERSION", 40)]
    [Summary("The Kubernetes version, v1.33.1.")]
    public string? Version { get; set; }

    [Column("NODES", 50)]
    [Summary("How many nodes are registered.")]
    public int? Nodes { get; set; }

    [Summary("The address that was last reached.")]
    public string? Endpoint { get; set; }

    [Column("AGENT", 60)]
    [Summary("Connected, NotConnected, Installing, External or None.")]
    public string? Agent { get; set; }

    [Summary("When the agent reported when it was last found connected, or silent; its observation has every report.")]
    public DateTimeOffset? AgentSeenAt { get; set; }

    [Summary("A hash of what was installed last in the cluster.")]
    public string? AgentRevision { get; set; }

    [Sensitive]
    [Summary("How to reach a cluster that the control plane made itself.")]
    public string? Kubeconfig { get; set; }

    [Summary("The Kubernetes API's address of a cluster that a provider made.")]
    public string? ApiEndpoint { get; set; }

    [Summary("Its CA, PEM.")]
    public string? CaCertificate { get; set; }

    [Sensitive]
    [Summary("A bearer token for it, which the provider renews.")]
    public string? ConnectionToken { get; set; }

    [Summary("When that token ends.")]
    public DateTimeOffset? ConnectionTokenExpiration { get; set; }
}
