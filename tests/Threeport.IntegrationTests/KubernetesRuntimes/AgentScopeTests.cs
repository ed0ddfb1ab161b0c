using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Modules.Workloads.WorkloadDefinitions;
using Threeport.Modules.Workloads.WorkloadInstances;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.KubernetesRuntimes;

/// <summary>Two control planes, each with an agent's namespace of its own (<c>Threeport:Agent:Namespace</c>), attach one cluster.</summary>
public sealed class AgentScopeTests
{
    private const string Rbac = "rbac.authorization.k8s.io/v1";
    private static readonly ObjectReference Orders = new(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        null,
        "threeportworkloads.threeport.io"
    );

    private KubernetesServer _server = null!;
    private ClusterPool _clusters = null!;
    private ClusterClient _cluster = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await KubernetesServer.StartAsync();
        _server.StartControllerManager();
        _clusters = new(TimeProvider.System, new(AllowLoopback: true));
        _cluster = new(Kubeconfig.Parse(_server.Kubeconfig));
    }

    [TearDown]
    public async Task StopAsync()
    {
        _cluster.Dispose();
        _clusters.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Each_goes_without_the_other_and_the_shared_type_with_the_last()
    {
        var (first, second) = (Of("threeport-a-system"), Of("threeport-b-system"));
        await first.AttachAsync();
        await second.AttachAsync();
        await first.DeployAsync();
        await second.DeployAsync();
        var (atFirst, atSecond) = (await HasAsync(first), await HasAsync(second));
        Assert.That((atFirst, atSecond), Is.EqualTo((Everything, Everything)));

        await first.DetachAsync();
        Assert.That(await HasAsync(first), Is.Empty);
        Assert.That(await HasAsync(second), Is.EqualTo(Everything), "the other has lost nothing");
        Assert.That(await _cluster.FindAsync(Orders, CancellationToken.None), Is.Not.Null);
        await second.DeployAsync();

        await second.DetachAsync();
        Assert.That(await HasAsync(second), Is.Empty);
        Assert.That(await _cluster.FindAsync(Orders, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Both_going_at_once_leave_nothing()
    {
        var (first, second) = (Of("threeport-a-system"), Of("threeport-b-system"));
        await first.AttachAsync();
        await second.AttachAsync();
        await first.DeployAsync();
        await second.DeployAsync();
        await Task.WhenAll(first.DetachAsync(), second.DetachAsync());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await HasAsync(first), Is.Empty);
            Assert.That(await HasAsync(second), Is.Empty);
            Assert.That(await _cluster.FindAsync(Orders, CancellationToken.None), Is.Null);
        }
    }

    private static readonly string[] Everything =
    [
        "Namespace",
        "Deployment",
        "Secret",
        "ClusterRole",
        "ClusterRoleBinding",
        "ClusterRole of what is deployed",
        "ThreeportWorkload",
    ];

    private Side Of(string ns) => new(_clusters, _server.Kubeconfig, AgentScope.Of(ns));

    /// <returns>What the cluster has of a control plane.</returns>
    private async Task<IReadOnlyList<string>> HasAsync(Side side)
    {
        var (ns, role) = (side.Scope.Namespace, side.Scope.Role);
        var found = new List<string>();
        foreach (
            var (what, reference) in new (string, ObjectReference)[]
            {
                ("Namespace", new("v1", "Namespace", null, ns)),
                ("Deployment", new("apps/v1", "Deployment", ns, "threeport-agent")),
                ("Secret", new("v1", "Secret", ns, "threeport-agent")),
                ("ClusterRole", new(Rbac, "ClusterRole", null, role)),
                ("ClusterRoleBinding", new(Rbac, "ClusterRoleBinding", null, role)),
                ("ClusterRole of what is deployed", new(Rbac, "ClusterRole", null, $"{role}-configmaps")),
                ("ThreeportWorkload", ThreeportWorkloads.Reference(side.Workload.ToString("D"))),
            }
        )
        {
            // A type that is gone has no objects.
            if (
                await _cluster.FindResourceAsync(reference.ApiVersion, reference.Kind, CancellationToken.None)
                    is not null
                && await _cluster.FindAsync(reference, CancellationToken.None, metadataOnly: true) is not null
            )
            {
                found.Add(what);
            }
        }

        return found;
    }

    /// <summary>One of the control planes: its resources and its reconcilers.</summary>
    private sealed class Side
    {
        private readonly MemoryResources _resources = new();
        private readonly KubernetesRuntimeInstanceReconciler _runtimes;
        private readonly WorkloadInstanceReconciler _workloads;
        private int _deployed;

        public Side(ClusterPool clusters, string kubeconfig, AgentScope scope)
        {
            Scope = scope;
            var options = new AgentInstallation { Endpoint = "https://10.0.0.1:8443", Image = "localhost/agent:1" };
            var installer = new AgentInstaller(new Credentials(), options, scope, TimeProvider.System);
            _runtimes = new(_resources, clusters, new(_resources), new([]), installer, TimeProvider.System);
            _workloads = new(_resources, clusters, new AgentRights(scope), TimeProvider.System);
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
                    Name = "shared",
                    Spec = new() { KubernetesRuntimeDefinition = "there", Kubeconfig = kubeconfig },
                }
            );
        }

        public AgentScope Scope { get; }

        /// <summary>The id of what is deployed.</summary>
        public Guid Workload => _resources.Get<WorkloadInstance>("web").Id;

        public Task AttachAsync() =>
            Eventually.TrueAsync(
                $"{Scope.Namespace} is attached",
                async () => (await _resources.PassAsync(_runtimes, "shared")).IsReady,
                TimeSpan.FromSeconds(60)
            );

        /// <summary>Something new each time.</summary>
        public async Task DeployAsync()
        {
            _resources.Put(
                new WorkloadDefinition
                {
                    Name = "web",
                    Generation = ++_deployed,
                    Spec = new()
                    {
                        YamlDocument = $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{_deployed}}}\n",
                    },
                }
            );
            if (_deployed == 1)
            {
                _resources.Put(
                    new WorkloadInstance
                    {
                        Name = "web",
                        Spec = new() { WorkloadDefinition = "web", KubernetesRuntimeInstance = "shared" },
                    }
                );
            }

            await Eventually.TrueAsync(
                "it is applied",
                async () =>
                {
                    await _resources.PassAsync(_workloads, "web");
                    return _resources.Get<WorkloadInstance>("web").Status.AppliedGeneration == _deployed;
                },
                TimeSpan.FromSeconds(60)
            );
        }

        public Task DetachAsync() =>
            Eventually.TrueAsync(
                $"{Scope.Namespace} is gone",
                async () => (await _resources.PassAsync(_runtimes, "shared", finalize: true)).IsReady,
                TimeSpan.FromSeconds(90)
            );
    }

    private sealed class Credentials : IAgentCredentials
    {
        public Task<AgentCredential> IssueAsync(
            string runtime,
            string signingRequest,
            CancellationToken cancellationToken
        ) => Task.FromResult<AgentCredential>(new("certificate", TimeProvider.System.GetUtcNow().AddDays(365)));
    }
}
