using Threeport.IntegrationTests.Agent;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Faults;

/// <summary>A runtime that is attached, has the agent installed, and is let go.</summary>
internal sealed class RuntimeLife(KubernetesServer server, CrashPoints points)
{
    private static readonly AgentScope Scope = AgentScope.Of(null);

    private readonly MemoryResources _resources = new();

    public async Task<(IReadOnlyList<string> State, IReadOnlyCollection<string> Created)> RunAsync()
    {
        var connection = Kubeconfig.Parse(server.Kubeconfig);
        using var cluster = new ClusterClient(connection);
        await using var proxy = await RecordingProxy.StartAsync(connection, secure: true);
        _resources.Put(
            new KubernetesRuntimeDefinition
            {
                Name = "there",
                Spec = new() { InfraProvider = "existing" },
            }
        );
        _resources.Put(
            new KubernetesRuntimeInstance
            {
                Name = "local",
                Spec = new() { KubernetesRuntimeDefinition = "there", Kubeconfig = proxy.Kubeconfig },
            }
        );
        var credentials = new Credentials();
        var life = new Life<KubernetesRuntimeInstance>(_resources, proxy, () => Start(credentials), "local", points);
        await life.UntilAsync("attach", static r => r.IsReady);
        var state = await StateAsync(cluster);
        await life.UntilAsync("let go", static r => r.IsReady, finalize: true);
        state.AddRange(await StateAsync(cluster));
        return (state, proxy.Created);
    }

    private KubernetesRuntimeInstanceReconciler Start(Credentials credentials) =>
        new(
            _resources,
            new(TimeProvider.System, new(AllowLoopback: true)),
            new(_resources),
            new([]),
            new AgentInstaller(
                credentials,
                new() { Endpoint = "https://10.0.0.1:8443", Image = "localhost/threeport/agent:1" },
                Scope,
                TimeProvider.System
            ),
            TimeProvider.System
        );

    private static async Task<List<string>> StateAsync(ClusterClient cluster)
    {
        var state = new List<string>();
        var manifests = new AgentManifests(Scope);
        foreach (
            var manifest in manifests
                .Orders.Concat(manifests.Rights)
                .Select(static m => m.Reference)
                .Append(manifests.Deployment.Reference)
                .Append(new("v1", "Secret", Scope.Namespace, AgentManifests.Name))
        )
        {
            state.Add($"{manifest}: {await cluster.FindAsync(manifest, CancellationToken.None) is not null}");
        }

        return state;
    }

    private sealed class Credentials : IAgentCredentials
    {
        public Task<AgentCredential> IssueAsync(
            string runtime,
            string signingRequest,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult<AgentCredential>(
                new($"certificate of {runtime}", TimeProvider.System.GetUtcNow().AddDays(365))
            );
    }
}
