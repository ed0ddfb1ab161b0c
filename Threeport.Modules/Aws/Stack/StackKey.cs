using Threeport.Modules.Aws.AwsEksKubernetesRuntimeDefinitions;
using Threeport.Modules.Aws.AwsEksKubernetesRuntimeInstances;

namespace Threeport.Modules.Aws.Stack;

/// <summary>
/// What a cluster consists of, by name: a type, and behind a slash which of several, <c>NatGateway/eu-central-1a</c>. The name says all that
/// is needed to take the thing down again, whatever the definition says by then.
/// </summary>
internal static class StackKey
{
    public const string Vpc = "Vpc";
    public const string InternetGateway = "InternetGateway";
    public const string PublicSubnet = "PublicSubnet";
    public const string PrivateSubnet = "PrivateSubnet";
    public const string ElasticIp = "ElasticIp";
    public const string NatGateway = "NatGateway";
    public const string PublicRoutes = "PublicRoutes";
    public const string PrivateRoutes = "PrivateRoutes";
    public const string ClusterRole = "ClusterRole";
    public const string NodeRole = "NodeRole";
    public const string StorageRole = "StorageRole";
    public const string Cluster = "Cluster";
    public const string IdentityProvider = "IdentityProvider";
    public const string Addon = "Addon";
    public const string NodeGroup = "NodeGroup";
    public const string ControllersRole = "ControllersRole";

    /// <summary>Those that run on every node: they come before the nodes, which are not ready without.</summary>
    private static readonly string[] NodeAddons = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"];

    /// <summary>Those that need nodes to run on.</summary>
    private static readonly string[] ClusterAddons = ["coredns", StorageAddon];

    public const string NetworkAddon = "vpc-cni";
    public const string StorageAddon = "aws-ebs-csi-driver";

    /// <summary>In the order of what needs what; with the role of a control plane that runs in it, where there is one.</summary>
    public static IReadOnlyList<string> Of(
        AwsEksKubernetesRuntimeInstanceSpec spec,
        AwsEksKubernetesRuntimeDefinitionSpec definition,
        IReadOnlyList<StackZone> zones
    ) =>
        spec.ControlPlaneNamespace is { } ns
            ? [.. Of(definition, zones), $"{ControllersRole}/{ns}"]
            : Of(definition, zones);

    /// <summary>In the order of what needs what.</summary>
    public static IReadOnlyList<string> Of(
        AwsEksKubernetesRuntimeDefinitionSpec definition,
        IReadOnlyList<StackZone> zones
    )
    {
        var names = zones.Select(static z => z.Name).ToList();
        var gateways = definition.HighAvailability ? names : names[..Math.Min(1, names.Count)];
        return
        [
            Vpc,
            InternetGateway,
            .. names.Select(static z => $"{PublicSubnet}/{z}"),
            .. names.Select(static z => $"{PrivateSubnet}/{z}"),
            .. gateways.Select(static z => $"{ElasticIp}/{z}"),
            .. gateways.Select(static z => $"{NatGateway}/{z}"),
            PublicRoutes,
            .. gateways.Select(static z => $"{PrivateRoutes}/{z}"),
            ClusterRole,
            NodeRole,
            Cluster,
            IdentityProvider,
            StorageRole,
            .. NodeAddons.Select(static a => $"{Addon}/{a}"),
            $"{NodeGroup}/{definition.DefaultNodeGroupInstanceType.Replace('.', '-')}",
            .. ClusterAddons.Select(static a => $"{Addon}/{a}"),
        ];
    }

    /// <summary>What has to be there, and ready, before it: keys, or types of which all are meant.</summary>
    public static IReadOnlyList<string> NeedsOf(string key)
    {
        var which = WhichOf(key);
        return TypeOf(key) switch
        {
            InternetGateway or PublicSubnet or PrivateSubnet => [Vpc],
            NatGateway => [InternetGateway, $"{PublicSubnet}/{which}", $"{ElasticIp}/{which}"],
            PublicRoutes => [InternetGateway, PublicSubnet],
            PrivateRoutes => [$"{NatGateway}/{which}", PrivateSubnet],
            Cluster => [ClusterRole, PrivateSubnet],
            IdentityProvider => [Cluster],
            StorageRole or ControllersRole => [IdentityProvider],
            Addon when NodeAddons.Contains(which) => [Cluster],
            Addon when which == StorageAddon => [Cluster, StorageRole, NodeGroup],
            Addon => [Cluster, NodeGroup],
            NodeGroup => [Cluster, NodeRole, PrivateSubnet, PublicRoutes, PrivateRoutes, $"{Addon}/{NetworkAddon}"],
            _ => [],
        };
    }

    /// <summary>Whether something needs it.</summary>
    public static bool Needs(string key, string other) =>
        NeedsOf(key).Any(n => n == other || (n == TypeOf(other) && !n.Contains('/', StringComparison.Ordinal)));

    public static string TypeOf(string key) => key.Split('/')[0];

    /// <returns>Which of several; empty where there is one.</returns>
    public static string WhichOf(string key) => key.Split('/') is [_, var which] ? which : "";
}
