namespace Threeport.AwsServer.Eks;

/// <summary>An add-on that EKS offers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it is for.</param>
/// <param name="NeedsNodes">It runs as a Deployment, and is degraded without nodes.</param>
/// <param name="NeedsPermissions">It calls AWS.</param>
/// <param name="Versions">Newest first, for a minor version of Kubernetes.</param>
/// <param name="Default">Which of them is the default.</param>
internal sealed record OfferedAddon(
    string Name,
    string Type,
    bool NeedsNodes,
    bool NeedsPermissions,
    Func<KubernetesVersion, string[]> Versions,
    int Default = 0
)
{
    public string DefaultVersion(KubernetesVersion version) => Versions(version)[Default];
}

internal static class AddonCatalog
{
    public static IReadOnlyDictionary<string, OfferedAddon> All { get; } =
        new OfferedAddon[]
        {
            new(
                "vpc-cni",
                "networking",
                NeedsNodes: false,
                NeedsPermissions: true,
                static _ => ["v1.20.4-eksbuild.2", "v1.20.1-eksbuild.3", "v1.19.6-eksbuild.7"],
                Default: 1
            ),
            new(
                "coredns",
                "networking",
                NeedsNodes: true,
                NeedsPermissions: false,
                static version => [$"v1.12.{version.Minor - 30}-eksbuild.2", "v1.11.4-eksbuild.24"]
            ),
            new(
                "kube-proxy",
                "networking",
                NeedsNodes: false,
                NeedsPermissions: false,
                static version =>
                    [$"v{version.Name}.{version.Patch}-eksbuild.2", $"v{version.Name}.{version.Patch - 1}-eksbuild.6"],
                Default: 1
            ),
            new(
                "aws-ebs-csi-driver",
                "storage",
                NeedsNodes: true,
                NeedsPermissions: true,
                static _ => ["v1.51.0-eksbuild.1", "v1.50.1-eksbuild.1"]
            ),
            new(
                "eks-pod-identity-agent",
                "security",
                NeedsNodes: false,
                NeedsPermissions: false,
                static _ => ["v1.3.9-eksbuild.3", "v1.3.8-eksbuild.2"]
            ),
            new(
                "metrics-server",
                "observability",
                NeedsNodes: true,
                NeedsPermissions: false,
                static _ => ["v0.8.0-eksbuild.2"]
            ),
        }.ToDictionary(static addon => addon.Name);
}
