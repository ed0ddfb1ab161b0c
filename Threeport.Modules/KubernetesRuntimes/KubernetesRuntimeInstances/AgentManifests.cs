using Threeport.Kubernetes;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

/// <summary>What is installed in a cluster, from the manifests beside this file, in the order that it is applied in.</summary>
internal static class AgentManifests
{
    public const string Namespace = "threeport-system";
    public const string Name = "threeport-agent";

    /// <summary>The type of the agent's orders; every runtime has it.</summary>
    public static IReadOnlyList<Manifest> Orders { get; } = Read("orders.yaml");

    /// <summary>Namespace, identity in the cluster, and what it may read.</summary>
    public static IReadOnlyList<Manifest> Rights { get; } = Read("rights.yaml");

    /// <summary>The agent itself.</summary>
    public static Manifest Deployment { get; } = Read("deployment.yaml")[0];

    private static IReadOnlyList<Manifest> Read(string name)
    {
        var type = typeof(AgentManifests);
        using var stream =
            type.Assembly.GetManifestResourceStream($"agent/{name}")
            ?? throw new InvalidOperationException($"agent/{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return Manifests.Parse(reader.ReadToEnd());
    }
}
