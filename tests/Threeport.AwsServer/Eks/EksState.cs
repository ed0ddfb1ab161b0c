using System.Text.Json.Nodes;
using Threeport.AwsServer.Clusters;
using Threeport.AwsServer.Ec2;
using Threeport.AwsServer.State;

namespace Threeport.AwsServer.Eks;

/// <summary>What EKS has an ARN and tags for.</summary>
internal abstract class EksResource(string arn, DateTimeOffset created)
{
    public string Arn => arn;

    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset Modified { get; set; } = created;

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public string? Token { get; init; }

    public List<EksUpdate> Updates { get; } = [];

    /// <summary>What is the matter with it.</summary>
    public List<HealthIssue> Issues { get; } = [];

    public EksUpdate? Running(DateTimeOffset now) => Updates.Find(update => update.Due > now);
}

/// <summary>A change that is under way until it is done.</summary>
internal sealed record EksUpdate(string Type, DateTimeOffset Created, DateTimeOffset Due)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public string? Token { get; init; }

    public IReadOnlyList<(string Type, string Value)> Parameters { get; init; } = [];
}

internal sealed record HealthIssue(string Code, string Message, IReadOnlyList<string> ResourceIds);

internal sealed class Cluster(RegionState region, string name, DateTimeOffset created)
    : EksResource(region.Arn("eks", $"cluster/{name}"), created)
{
    public RegionState Region => region;

    public string Name => name;

    public string Id { get; } = Ids.Hex(32);

    public required string Version { get; set; }

    public required string RoleArn { get; init; }

    public required Vpc Vpc { get; init; }

    public required IReadOnlyList<Subnet> Subnets { get; set; }

    public required IReadOnlyList<SecurityGroup> SecurityGroups { get; set; }

    /// <summary>The user or role that made it.</summary>
    public required string Creator { get; init; }

    public required ClusterEndpoint Endpoint { get; init; }

    public string Status { get; set; } = "CREATING";

    public bool IsPublic { get; set; } = true;

    public bool IsPrivate { get; set; }

    public IReadOnlyList<string> PublicCidrs { get; set; } = ["0.0.0.0/0"];

    public string AuthenticationMode { get; set; } = "CONFIG_MAP";

    public bool IsCreatorAdmin { get; set; } = true;

    public bool HasOwnAddons { get; set; } = true;

    public string ServiceCidr { get; set; } = "10.100.0.0/16";

    public JsonNode? Logging { get; set; }

    public string SupportType { get; set; } = "EXTENDED";

    public bool IsProtected { get; set; }

    public SecurityGroup? OwnGroup { get; set; }

    public List<NetworkInterface> Interfaces { get; } = [];

    public OrderedDictionary<string, Nodegroup> Nodegroups { get; } = [];

    public OrderedDictionary<string, Addon> Addons { get; } = [];

    /// <summary>By the ARN of the principal.</summary>
    public OrderedDictionary<string, AccessEntry> AccessEntries { get; } = [];

    public OrderedDictionary<string, PodIdentity> PodIdentities { get; } = [];

    public string Issuer => Endpoint.Issuer?.Url ?? $"https://oidc.eks.{region.Name}.amazonaws.com/id/{Id}";

    public bool HasNodes => Nodegroups.Values.Any(static group => group.Instances.Count > 0);

    public bool HasNetwork => HasOwnAddons || Addons.ContainsKey("vpc-cni");

    public IEnumerable<EksResource> All =>
        new EksResource[] { this }
            .Concat(Nodegroups.Values)
            .Concat(Addons.Values)
            .Concat(AccessEntries.Values)
            .Concat(PodIdentities.Values);
}

internal sealed class Nodegroup(Cluster cluster, string name, DateTimeOffset created)
    : EksResource(cluster.Region.Arn("eks", $"nodegroup/{cluster.Name}/{name}/{Guid.NewGuid()}"), created)
{
    public Cluster Cluster => cluster;

    public string Name => name;

    public string Status { get; set; } = "CREATING";

    public required string Version { get; set; }

    public required string ReleaseVersion { get; set; }

    public required Scaling Scaling { get; set; }

    public required IReadOnlyList<string> InstanceTypes { get; init; }

    public required IReadOnlyList<Subnet> Subnets { get; init; }

    public required string NodeRole { get; init; }

    public string AmiType { get; init; } = "AL2023_x86_64_STANDARD";

    public string CapacityType { get; init; } = "ON_DEMAND";

    public int DiskSize { get; init; } = 20;

    public SortedDictionary<string, string> Labels { get; } = new(StringComparer.Ordinal);

    public List<JsonObject> Taints { get; } = [];

    public JsonObject UpdateConfig { get; set; } = new() { ["maxUnavailable"] = 1 };

    public List<Instance> Instances { get; } = [];

    /// <summary>The instance profile that EKS made for it.</summary>
    public string Profile { get; } = $"eks-{Guid.NewGuid()}";
}

internal sealed record Scaling(int Minimum, int Maximum, int Desired);

internal sealed class Addon(Cluster cluster, string name, DateTimeOffset created, DateTimeOffset due)
    : EksResource(cluster.Region.Arn("eks", $"addon/{cluster.Name}/{name}/{Guid.NewGuid()}"), created)
{
    public Cluster Cluster => cluster;

    public string Name => name;

    public required string Version { get; set; }

    public string? RoleArn { get; set; }

    public string? Configuration { get; set; }

    public List<PodIdentity> PodIdentities { get; } = [];

    public bool IsDeleting { get; set; }

    /// <summary>One that runs as a Deployment is degraded until there are nodes.</summary>
    public bool LacksNodes => AddonCatalog.All[name].NeedsNodes && !cluster.HasNodes;

    public string Status(DateTimeOffset now) =>
        IsDeleting ? "DELETING"
        : now < due ? "CREATING"
        : Running(now) is not null ? "UPDATING"
        : LacksNodes ? "DEGRADED"
        : "ACTIVE";
}

internal sealed class AccessEntry(Cluster cluster, string principal, DateTimeOffset created)
    : EksResource(cluster.Region.Arn("eks", $"access-entry/{cluster.Name}/{Tail(principal)}/{Guid.NewGuid()}"), created)
{
    public string Principal => principal;

    public string Type { get; init; } = "STANDARD";

    public required string UserName { get; set; }

    public List<string> Groups { get; init; } = [];

    /// <summary>Associated policies by ARN.</summary>
    public OrderedDictionary<string, AssociatedPolicy> Policies { get; } = [];

    // arn:aws:iam::1:role/a/b becomes role/1/b.
    private static string Tail(string principal)
    {
        var parts = principal.Split(':');
        var names = parts[^1].Split('/');
        return $"{names[0]}/{parts[4]}/{names[^1]}";
    }
}

internal sealed record AssociatedPolicy(
    string Arn,
    JsonObject Scope,
    DateTimeOffset Associated,
    DateTimeOffset Modified
);

internal sealed class PodIdentity(Cluster cluster, string id, DateTimeOffset created)
    : EksResource(cluster.Region.Arn("eks", $"podidentityassociation/{cluster.Name}/{id}"), created)
{
    public string Id => id;

    public string ClusterName => cluster.Name;

    public required string Namespace { get; init; }

    public required string ServiceAccount { get; init; }

    public required string RoleArn { get; set; }

    /// <summary>The add-on that it came with.</summary>
    public string? OwnerArn { get; init; }
}
