using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;
using Threeport.Modules.ControlPlanes.ControlPlaneInstances;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

namespace Threeport.IntegrationTests.ControlPlanes;

/// <summary>The reconciler against a real API server, where nothing runs: what it finds is what is stored.</summary>
public sealed class ControlPlaneInstanceTests
{
    private readonly MemoryResources _resources = new();
    private ClusterPool _clusters = null!;
    private ClusterClient _cluster = null!;
    private ControlPlaneInstanceReconciler _reconciler = null!;
    private string _namespace = null!;

    [SetUp]
    public async Task RegisterAsync()
    {
        var kubeconfig = (await Servers.KubernetesAsync()).Kubeconfig;
        _clusters = new(TimeProvider.System, new(AllowLoopback: true));
        _cluster = new(Kubeconfig.Parse(kubeconfig));
        _reconciler = new(_resources, _clusters);
        _namespace = $"threeport-{Guid.CreateVersion7():N}"[..40];
        _resources.Put(
            new KubernetesRuntimeInstance
            {
                Name = "local",
                Spec = new() { Kubeconfig = kubeconfig },
            }
        );
        _resources.Put(
            new ControlPlaneInstance
            {
                Name = "self",
                Spec = new()
                {
                    KubernetesRuntimeInstance = "local",
                    Namespace = _namespace,
                    IsSelf = true,
                },
            }
        );
    }

    [TearDown]
    public void Dispose()
    {
        _cluster.Dispose();
        _clusters.Dispose();
    }

    [Test]
    public async Task A_namespace_that_is_not_there_or_somebody_elses_is_missing()
    {
        Assert.That((await PassAsync()).Reason, Is.EqualTo("Missing"));
        await MakeNamespaceAsync(isOurs: false);
        Assert.That((await PassAsync()).Reason, Is.EqualTo("Missing"));
    }

    [Test]
    public async Task Its_servers_are_found_with_version_and_replicas_and_what_is_not_ready_is_named()
    {
        await MakeNamespaceAsync(isOurs: true);
        await MakeDeploymentAsync("api");
        Assert.That((await PassAsync()).Message, Does.Contain("no Deployment controllers"));
        await MakeDeploymentAsync("controllers");
        var result = await PassAsync();
        var status = _resources.Get<ControlPlaneInstance>("self").Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Reason, Is.EqualTo("Degraded"));
            Assert.That(result.Message, Is.EqualTo("api 0 of 2, controllers 0 of 2 ready."));
            Assert.That(result.RequeueAfter, Is.Not.Null);
            Assert.That(status.Version, Is.EqualTo("1.2.3"));
            Assert.That(status.Ready, Is.EqualTo("0/4"));
        }
    }

    [Test]
    public async Task A_runtime_that_does_not_answer_is_said_to_be_unreachable()
    {
        _resources.Put(
            new KubernetesRuntimeInstance
            {
                Name = "local",
                Spec = new() { ApiEndpoint = $"https://127.0.0.1:{Machine.FreePort()}", ConnectionToken = "x" },
            }
        );
        var result = await PassAsync();
        Assert.That(result.Reason, Is.EqualTo(KubernetesException.UnreachableReason));
        Assert.That(result.RequeueAfter, Is.Not.Null);
    }

    private Task<Threeport.Runtime.Result> PassAsync() => _resources.PassAsync(_reconciler, "self");

    private Task<ApplyResult> MakeNamespaceAsync(bool isOurs) =>
        ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{_namespace}}, labels: { {{(isOurs ? "threeport.io/control-plane" : "team")}}: self } }
            """
        );

    private Task<ApplyResult> MakeDeploymentAsync(string name) =>
        ApplyAsync(
            $$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: {{name}}, namespace: {{_namespace}}, labels: {app.kubernetes.io/managed-by: threeport} }
            spec:
              replicas: 2
              selector: {matchLabels: {app: web} }
              template:
                metadata: {labels: {app: web} }
                spec: {containers: [{name: threeport, image: "localhost:5000/threeport/host:1.2.3"}]}
            """
        );

    private Task<ApplyResult> ApplyAsync(string yaml) =>
        _cluster.ApplyAsync(Manifests.Parse(yaml).Single().Content, CancellationToken.None);
}
