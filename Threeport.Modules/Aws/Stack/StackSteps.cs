using Threeport.Modules.Aws.Stack.Steps;

namespace Threeport.Modules.Aws.Stack;

/// <summary>The steps, by their keys.</summary>
internal static class StackSteps
{
    private static readonly VpcStep Vpc = new();
    private static readonly InternetGatewayStep InternetGateway = new();
    private static readonly SubnetStep PublicSubnet = new(isPublic: true);
    private static readonly SubnetStep PrivateSubnet = new(isPublic: false);
    private static readonly ElasticIpStep ElasticIp = new();
    private static readonly NatGatewayStep NatGateway = new();
    private static readonly RoutesStep PublicRoutes = new(isPublic: true);
    private static readonly RoutesStep PrivateRoutes = new(isPublic: false);
    private static readonly ClusterStep Cluster = new();
    private static readonly IdentityProviderStep IdentityProvider = new();
    private static readonly NodeGroupStep NodeGroup = new();

    private static readonly RoleStep ClusterRole = new(
        "cluster",
        ["AmazonEKSClusterPolicy"],
        static _ => Trust.Service("eks.amazonaws.com")
    );

    private static readonly RoleStep NodeRole = new(
        "nodes",
        ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"],
        static _ => Trust.Service("ec2.amazonaws.com")
    );

    private static readonly RoleStep StorageRole = new(
        "storage",
        ["service-role/AmazonEBSCSIDriverPolicy"],
        static context => Trust.ServiceAccount(context, "kube-system", "ebs-csi-controller-sa")
    );

    public static StackStep Of(string key) =>
        StackKey.TypeOf(key) switch
        {
            StackKey.Vpc => Vpc,
            StackKey.InternetGateway => InternetGateway,
            StackKey.PublicSubnet => PublicSubnet,
            StackKey.PrivateSubnet => PrivateSubnet,
            StackKey.ElasticIp => ElasticIp,
            StackKey.NatGateway => NatGateway,
            StackKey.PublicRoutes => PublicRoutes,
            StackKey.PrivateRoutes => PrivateRoutes,
            StackKey.ClusterRole => ClusterRole,
            StackKey.NodeRole => NodeRole,
            StackKey.StorageRole => StorageRole,
            StackKey.Cluster => Cluster,
            StackKey.IdentityProvider => IdentityProvider,
            StackKey.NodeGroup => NodeGroup,
            StackKey.ControllersRole => new ControllersRoleStep(StackKey.WhichOf(key)),
            StackKey.Addon => new AddonStep(StackKey.WhichOf(key)),
            _ => throw new ArgumentException($"There is no step {key}.", nameof(key)),
        };
}
