using Threeport.Kubernetes;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

/// <summary>What is installed in a cluster, from the manifests beside this file.</summary>
internal sealed class AgentManifests(AgentScope scope)
{
    /// <summary>What the agent and its identity are called in their namespace.</summary>
    public const string Name = "threeport-agent";

    /// <summary>The namespace, by which others see that the type of the orders is in use, and that type; every runtime has both.</summary>
    public IReadOnlyList<Manifest> Orders { get; } = [.. Read("namespace.yaml", scope), .. Read("orders.yaml", scope)];

    /// <summary>The identity in the cluster, and what it may read.</summary>
    public IReadOnlyList<Manifest> Rights { get; } = Read("rights.yaml", scope);

    /// <summary>The agent itself.</summary>
    public Manifest Deployment { get; } = Read("deployment.yaml", scope)[0];

    private static IReadOnlyList<Manifest> Read(string name, AgentScope scope)
    {
        var type = typeof(AgentManifests);
        using var stream =
            type.Assembly.GetManifestResourceStream($"agent/{name}")
            ?? throw new InvalidOperationException($"agent/{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return Manifests.Parse(
            text.Replace("${namespace}", scope.Namespace, StringComparison.Ordinal)
                .Replace("${role}", scope.Role, StringComparison.Ordinal)
        );
    }
}
