namespace Threeport.AwsServer.Iam;

/// <summary>Policies that AWS itself has, which any role may have attached.</summary>
internal static class ManagedPolicies
{
    public static IReadOnlySet<string> All { get; } =
        new[]
        {
            "AdministratorAccess",
            "ReadOnlyAccess",
            "AmazonEKSClusterPolicy",
            "AmazonEKSServicePolicy",
            "AmazonEKSVPCResourceController",
            "AmazonEKSWorkerNodePolicy",
            "AmazonEKSWorkerNodeMinimalPolicy",
            "AmazonEKS_CNI_Policy",
            "AmazonEC2ContainerRegistryReadOnly",
            "AmazonEC2ContainerRegistryPullOnly",
            "AmazonSSMManagedInstanceCore",
            "ElasticLoadBalancingFullAccess",
            "service-role/AmazonEBSCSIDriverPolicy",
            "service-role/AmazonEFSCSIDriverPolicy",
        }
            .Select(static name => $"arn:aws:iam::aws:policy/{name}")
            .ToHashSet(StringComparer.Ordinal);
}
