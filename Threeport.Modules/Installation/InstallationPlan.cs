using System.Text.RegularExpressions;
using Threeport.Kubernetes;

namespace Threeport.Installation;

/// <summary>What is to be installed in a cluster: everything that decides about it and nothing secret.</summary>
public sealed partial record InstallationPlan
{
    /// <summary>One of each; survives restarts, not the loss of a node's disk.</summary>
    public const string Small = "small";

    /// <summary>Two of each and three brokers: any one of them may be lost.</summary>
    public const string HighlyAvailable = "ha";

    /// <summary>A port of each node.</summary>
    public const string NodePort = "nodeport";

    /// <summary>A load balancer of the provider.</summary>
    public const string LoadBalancer = "loadbalancer";

    /// <summary>From inside the cluster alone, or over what the user puts before it.</summary>
    public const string ClusterIp = "clusterip";

    /// <summary>What it is called: a DNS label of 30 characters at most.</summary>
    public required string Name { get; init; }

    /// <summary><see cref="Small"/> or <see cref="HighlyAvailable"/>.</summary>
    public string Size { get; init; } = Small;

    /// <summary>Before the images' names: <c>registry.example.com/threeport</c>.</summary>
    public required string Registry { get; init; }

    /// <summary>The images' tag.</summary>
    public required string Tag { get; init; }

    /// <summary>The storage class of the volumes; the cluster's default when null.</summary>
    public string? StorageClass { get; init; }

    /// <summary>How large the database's volumes are, as Kubernetes writes it: <c>10Gi</c>.</summary>
    public string DatabaseStorage { get; init; } = "10Gi";

    /// <summary>How the API is reached from outside: <see cref="NodePort"/>, <see cref="LoadBalancer"/>, <see cref="ClusterIp"/>.</summary>
    public string Expose { get; init; } = NodePort;

    /// <summary>The port of each node; one that is free when null.</summary>
    public int? Port { get; init; }

    /// <summary>The API's address from outside, where it is not what the cluster says: <c>https://threeport.example.com</c>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Whether the user has a PostgreSQL, so that none is installed.</summary>
    public bool HasOwnDatabase { get; init; }

    /// <summary>Whether the user has a NATS, so that none is installed.</summary>
    public bool HasOwnBroker { get; init; }

    /// <summary>The image of PostgreSQL, where it stayed what it was while the others became another version.</summary>
    public string? PostgresImage { get; init; }

    /// <summary>The same of NATS.</summary>
    public string? NatsImage { get; init; }

    /// <summary>What its controllers are told of AWS, where they are in it; null elsewhere.</summary>
    public AwsSurroundings? Aws { get; init; }

    /// <summary>Which version it is.</summary>
    public Release Release => new(Registry, Tag) { PostgresImage = PostgresImage, NatsImage = NatsImage };

    /// <summary>Where all of it is.</summary>
    public string Namespace => $"threeport-{Name}";

    /// <summary>The agent of the control plane of that name; its namespace goes when the runtime does, so it is one of its own.</summary>
    public static AgentScope AgentOf(string name) => AgentScope.Of($"threeport-{name}-system");

    internal bool IsHighlyAvailable => Size == HighlyAvailable;

    internal int Replicas => IsHighlyAvailable ? 2 : 1;

    internal int PostgresReplicas => HasOwnDatabase ? 0 : Replicas;

    internal int NatsReplicas =>
        HasOwnBroker ? 0
        : IsHighlyAvailable ? 3
        : 1;

    /// <summary>The reference of an image: <c>host</c>, <c>agent</c>, <c>postgres</c>, <c>nats</c>.</summary>
    public string Image(string name) =>
        name switch
        {
            "postgres" when PostgresImage is { } kept => kept,
            "nats" when NatsImage is { } kept => kept,
            _ => $"{Registry}/{name}:{Tag}",
        };

    /// <summary>The same as another version.</summary>
    public InstallationPlan As(Release release) =>
        this with
        {
            Registry = release.Registry,
            Tag = release.Tag,
            PostgresImage = release.PostgresImage,
            NatsImage = release.NatsImage,
        };

    /// <returns>What is wrong with it, each naming the option and what is allowed; nothing when it is well.</returns>
    public IEnumerable<string> Check() =>
        Rules().Where(static r => !r.IsKept).Select(static r => $"{r.Option} \"{r.Value}\": {r.Allowed}");

    private IEnumerable<(string Option, object? Value, bool IsKept, string Allowed)> Rules() =>
        [
            (
                "--name",
                Name,
                Name.Length <= 30
                    && Label().IsMatch(Name)
                    && Name != "system"
                    && !Name.EndsWith("-system", StringComparison.Ordinal),
                "1 to 30 lower-case letters, digits and dashes, a letter first; not system or …-system, where agents are"
            ),
            ("--size", Size, Size is Small or HighlyAvailable, $"{Small} or {HighlyAvailable}"),
            (
                "--expose",
                Expose,
                Expose is NodePort or LoadBalancer or ClusterIp,
                $"{NodePort}, {LoadBalancer} or {ClusterIp}"
            ),
            ("--image-registry", Registry, Reference().IsMatch(Registry), "as in registry.example.com/threeport"),
            ("--image-tag", Tag, TagForm().IsMatch(Tag), "letters, digits, dots, dashes and underscores"),
            ("--storage", DatabaseStorage, Quantity().IsMatch(DatabaseStorage), "as in 10Gi"),
            (
                "--storage-class",
                StorageClass,
                StorageClass is null || Label().IsMatch(StorageClass.Replace('.', '-')),
                "the name of a storage class"
            ),
            (
                "--port",
                Port,
                Port is null or (> 0 and <= 65_535),
                "a port within the cluster's range of node ports, usually 30000 to 32767"
            ),
            (
                "--endpoint",
                Endpoint,
                Endpoint is null || (Endpoint.Scheme == Uri.UriSchemeHttps && Endpoint.PathAndQuery == "/"),
                "as in https://threeport.example.com:8443"
            ),
        ];

    [GeneratedRegex(@"^[a-z]([a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?\z")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex TagForm();

    [GeneratedRegex(@"^[1-9][0-9]{0,5}(Mi|Gi|Ti)\z")]
    private static partial Regex Quantity();
}
