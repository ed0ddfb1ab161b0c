using Threeport.Modules.Aws.AwsAccounts;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;

namespace Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;

/// <summary>The shape of a Kubernetes cluster at Amazon EKS.</summary>
[Summary("The shape of a Kubernetes cluster at Amazon EKS.")]
public sealed class AwsEksKubernetesRuntimeDefinition : Resource<AwsEksKubernetesRuntimeDefinitionSpec, NoStatus>, IKind
{
    public static string Plural => "aws-eks-kubernetes-runtime-definitions";

    public static string Singular => "aws-eks-kubernetes-runtime-definition";

    public static IReadOnlyList<string> ShortNames => ["eksd"];
}

/// <summary>What is asked for.</summary>
public sealed record AwsEksKubernetesRuntimeDefinitionSpec
{
    [Column("ACCOUNT", 10)]
    [Reference(typeof(AwsAccount))]
    [Immutable]
    [Summary("The account that it is made in; the default account when left out.")]
    public string AwsAccount { get; init; } = "";

    [Column("ZONES", 20)]
    [Immutable]
    [Summary("Over how many availability zones: 2 or 3.")]
    public int ZoneCount { get; init; } = 2;

    [Immutable]
    [Summary("Whether each zone reaches the Internet through a gateway of its own, rather than all through one.")]
    public bool HighAvailability { get; init; }

    [Column("NODE-TYPE", 30)]
    [Summary("The nodes' type at EC2: t3.medium. Another one replaces the nodes, the new ones first.")]
    public string DefaultNodeGroupInstanceType { get; init; } = "t3.medium";

    [Summary("How many nodes there are at first.")]
    public int DefaultNodeGroupInitialSize { get; init; } = 2;

    [Column("MIN", 40)]
    [Summary("How many nodes at least.")]
    public int DefaultNodeGroupMinimumSize { get; init; }

    [Column("MAX", 50)]
    [Summary("How many nodes at most.")]
    public int DefaultNodeGroupMaximumSize { get; init; } = 250;

    [Column("KUBERNETES", 60)]
    [Summary(
        "The Kubernetes version, 1.33; the newest that EKS has when left out. A later one is gone to by minor versions."
    )]
    public string? KubernetesVersion { get; init; }

    [Summary("From where the Kubernetes API is reached: public, private or both.")]
    public string EndpointAccess { get; init; } = "both";

    [Summary("The networks that the public endpoint answers to; all when left out.")]
    public IReadOnlyList<string> PublicAccessCidrs { get; init; } = [];

    [Immutable]
    [Summary("The network that is made for each cluster: private, /16 to /20.")]
    public string VpcCidr { get; init; } = "10.0.0.0/16";

    [Summary("Tags for all that is made, beside those that the control plane needs itself.")]
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    [Reference(typeof(KubernetesRuntimeDefinition), Owner = true, OwnerDeletes = true)]
    [Immutable]
    [Summary("The definition that asked for it, and that it goes with; left out when somebody makes it by himself.")]
    public string? KubernetesRuntimeDefinition { get; init; }
}
