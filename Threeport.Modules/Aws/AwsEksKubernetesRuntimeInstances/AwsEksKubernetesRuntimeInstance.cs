using Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

/// <summary>A Kubernetes cluster at Amazon EKS, with the network that it is in.</summary>
[Summary("A Kubernetes cluster at Amazon EKS, with the network that it is in.")]
public sealed class AwsEksKubernetesRuntimeInstance
    : Resource<AwsEksKubernetesRuntimeInstanceSpec, AwsEksKubernetesRuntimeInstanceStatus>,
        IKind
{
    public static string Plural => "aws-eks-kubernetes-runtime-instances";

    public static string Singular => "aws-eks-kubernetes-runtime-instance";

    public static IReadOnlyList<string> ShortNames => ["eks"];
}

/// <summary>What is asked for.</summary>
public sealed record AwsEksKubernetesRuntimeInstanceSpec
{
    [Column("DEFINITION", 10)]
    [Reference(typeof(AwsEksKubernetesRuntimeDefinition))]
    [Immutable]
    [Summary("The definition that it is an instance of.")]
    public string AwsEksKubernetesRuntimeDefinition { get; init; } = "";

    [Immutable]
    [Summary("The region, any that EKS is in; the account's default region when left out.")]
    public string? Region { get; init; }

    [Reference(typeof(KubernetesRuntimeInstance), Owner = true, OwnerDeletes = true)]
    [Immutable]
    [Summary("The runtime that asked for it, and that it goes with; left out when somebody makes it by himself.")]
    public string? KubernetesRuntimeInstance { get; init; }

    [Summary(
        "The namespace of a control plane that runs in the cluster: its controllers get a role at AWS, with the rights that they need there. Left out for any other cluster."
    )]
    public string? ControlPlaneNamespace { get; init; }
}

/// <summary>What was found.</summary>
public sealed record AwsEksKubernetesRuntimeInstanceStatus
{
    [Column("ACCOUNT", 20, Wide = true)]
    [Summary("The aws-account that it is in.")]
    public string? AwsAccount { get; set; }

    [Column("REGION", 30)]
    [Summary("The region that it is in.")]
    public string? Region { get; set; }

    [Column("PROGRESS", 40)]
    [Summary("Which step is being done, and since when: 7/12 NodeGroup: creating, 3m10s.")]
    public string? Progress { get; set; }

    [Column("KUBERNETES", 50)]
    [Summary("The version of Kubernetes that the control plane of the cluster runs.")]
    public string? KubernetesVersion { get; set; }

    [Summary("The availability zones that it is in.")]
    public IReadOnlyList<StackZone> Zones { get; set; } = [];

    [Summary("Zones that EKS does not take, whatever EC2 says of them.")]
    public IReadOnlyList<string> RefusedZones { get; set; } = [];

    [Summary("Everything that was, or may have been, made at AWS; stored before it is made.")]
    public IReadOnlyList<StackResource> Inventory { get; set; } = [];

    [Summary("How many things were begun to be made; part of the tokens by which AWS knows a repeated call.")]
    public long Attempts { get; set; }

    [Summary(
        "Who may do everything in the cluster: whoever made it, and whoever the account's credentials were of since."
    )]
    public IReadOnlyList<string> Admitted { get; set; } = [];

    [Summary("The tags that were last put on all of it.")]
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();

    [Summary("When all of it was last compared with what is there.")]
    public DateTimeOffset? ComparedAt { get; set; }

    [Summary("The Kubernetes API's address.")]
    public string? ApiEndpoint { get; set; }

    [Summary("The cluster's CA, PEM.")]
    public string? CaCertificate { get; set; }

    [Summary("The issuer of the cluster's service account tokens, by which AWS knows its workloads.")]
    public string? OidcIssuer { get; set; }

    [Sensitive]
    [Summary("A bearer token for the cluster; renewed before it ends.")]
    public string? ConnectionToken { get; set; }

    [Summary("When that token ends.")]
    public DateTimeOffset? ConnectionTokenExpiration { get; set; }
}

/// <summary>An availability zone, and which part of the network is its.</summary>
/// <param name="Name">For this account: <c>eu-central-1a</c>.</param>
/// <param name="Id">For everybody: <c>euc1-az2</c>.</param>
/// <param name="Slot">Which of the parts of the network, from 0.</param>
public sealed record StackZone(string Name, string Id, int Slot);

/// <summary>How far one thing at AWS is.</summary>
public enum StackState
{
    /// <summary>It is about to be made; whether it was is not known until its identifier is.</summary>
    Intended,

    /// <summary>It is there, and being set up or waited for.</summary>
    Making,

    /// <summary>It is as it should be.</summary>
    Ready,

    /// <summary>It failed; it is taken down and made anew after a while.</summary>
    Failed,

    /// <summary>It is being taken down.</summary>
    Deleting,
}

/// <summary>One thing at AWS.</summary>
public sealed record StackResource
{
    /// <summary>Which of the stack's steps made it; unique in it.</summary>
    public required string Step { get; init; }

    /// <summary>What it is, in the words of the provider: <c>nat-gateway</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Null until it is known.</summary>
    public string? Id { get; set; }

    /// <summary>Null where there is none, or it is not known.</summary>
    public string? Arn { get; set; }

    /// <summary>How far it is.</summary>
    public StackState State { get; set; }

    /// <summary>Since when it is in that state.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>When it is looked at next.</summary>
    public DateTimeOffset? LookAt { get; set; }

    /// <summary>The number of the attempt that made it.</summary>
    public long Attempt { get; set; }

    /// <summary>It was asked to be something else than it was, and has yet to hear of it.</summary>
    public bool IsChanging { get; set; }

    /// <summary>How often it failed in a row.</summary>
    public int Failures { get; set; }

    /// <summary>When it was made, as far as we know.</summary>
    public DateTimeOffset MadeAt { get; set; }

    /// <summary>What stands in the way, CamelCase; null when nothing does but time.</summary>
    public string? Trouble { get; set; }

    /// <summary>More of it, or of what it is waited for, in a sentence.</summary>
    public string? Detail { get; set; }

    /// <summary>What it was last asked to be, where that can change: <c>version</c>, <c>max</c>, …</summary>
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();
}
