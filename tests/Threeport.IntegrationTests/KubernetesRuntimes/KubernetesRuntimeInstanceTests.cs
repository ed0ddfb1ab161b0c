using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeObservations;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.KubernetesRuntimes;

/// <summary>The reconciler against a cluster of its own: it installs and removes what others depend on.</summary>
public sealed class KubernetesRuntimeInstanceTests
{
    private KubernetesServer _server = null!;
    private ClusterPool _clusters = null!;
    private ClusterClient _cluster = null!;
    private MemoryResources _resources = null!;
    private IssuedCredentials _credentials = null!;
    private KubernetesRuntimeInstanceReconciler _reconciler = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await KubernetesServer.StartAsync();
        _server.StartControllerManager();
        _clusters = new(TimeProvider.System, new(AllowLoopback: true));
        _cluster = new(Kubeconfig.Parse(_server.Kubeconfig));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _cluster.Dispose();
        _clusters.Dispose();
        await _server.DisposeAsync();
    }

    [SetUp]
    public void MakeRuntime()
    {
        _resources = new();
        _credentials = new();
        var options = new AgentInstallation
        {
            Endpoint = "https://10.0.0.1:8443",
            Image = "localhost/threeport/agent:1",
        };
        _reconciler = new(
            _resources,
            _clusters,
            new(_resources),
            new([]),
            new AgentInstaller(_credentials, options, AgentScope.Of(null), TimeProvider.System),
            TimeProvider.System
        );
        _resources.Put(
            new KubernetesRuntimeDefinition
            {
                Name = "there",
                Spec = new() { InfraProvider = "existing" },
            }
        );
        _resources.Put(Runtime(_server.Kubeconfig));
    }

    [Test]
    public async Task A_cluster_that_answers_is_ready_and_has_the_agent()
    {
        await UntilReadyAsync();
        var status = _resources.Get<KubernetesRuntimeInstance>("local").Status;
        var deployment = await FindAsync("apps/v1", "Deployment", "threeport-agent");
        var container = deployment!["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var secret = await FindAsync("v1", "Secret", "threeport-agent");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.Version, Does.StartWith("v1."));
            Assert.That(status.Nodes, Is.Not.Null);
            Assert.That(status.Endpoint, Does.StartWith("https://"));
            Assert.That(status.Agent, Is.EqualTo("Installing"));
            Assert.That(container["image"]!.ToString(), Is.EqualTo("localhost/threeport/agent:1"));
            Assert.That(
                container["args"]!.AsArray().Select(static a => a!.ToString()),
                Is.EqualTo(
                    new[]
                    {
                        "--namespace",
                        "threeport-system",
                        "--ca-file",
                        "/etc/threeport/ca.crt",
                        "--certificate-file",
                        "/etc/threeport/tls.crt",
                        "--key-file",
                        "/etc/threeport/tls.key",
                        "--listen",
                        "8081",
                        "--api",
                        "https://10.0.0.1:8443",
                        "--runtime",
                        "local",
                    }
                )
            );
            Assert.That(
                System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(secret!["data"]!["tls.crt"]!.ToString())),
                Is.EqualTo("certificate-1-of-local")
            );
        }
    }

    [Test]
    public async Task Installing_again_issues_no_second_token()
    {
        await UntilReadyAsync();
        var issued = _credentials.Issued;
        await PassAsync();
        await PassAsync();
        Assert.That(_credentials.Issued, Is.EqualTo(issued));
    }

    [Test]
    public async Task The_agent_may_read_pods_and_no_Secrets()
    {
        await UntilReadyAsync();
        var role = await Eventually.ValueAsync(
            "the agent's role is gathered",
            async () =>
            {
                var found = await _cluster.FindAsync(
                    new("rbac.authorization.k8s.io/v1", "ClusterRole", null, "threeport-system-agent"),
                    CancellationToken.None
                );
                return found?["rules"] is System.Text.Json.Nodes.JsonArray { Count: > 0 } ? found : null;
            }
        );
        Assert.That(
            role["rules"]!.ToJsonString(),
            Does.Contain("\"pods\"").And.Not.Contain("secrets").And.Not.Contain("*")
        );
    }

    [Test]
    public async Task An_agent_that_reports_is_connected_and_one_that_is_silent_is_not()
    {
        await UntilReadyAsync();
        Observe();
        await PassAsync();
        var connected = _resources.Get<KubernetesRuntimeInstance>("local");
        var late = new KubernetesRuntimeInstanceReconciler(
            _resources,
            _clusters,
            new(_resources),
            new([]),
            new AgentInstaller(_credentials, new(), AgentScope.Of(null), TimeProvider.System),
            new Later(TimeSpan.FromSeconds(100))
        );
        await _resources.PassAsync(late, "local");
        var silent = _resources.Get<KubernetesRuntimeInstance>("local");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(connected.Status.Agent, Is.EqualTo("Connected"));
            Assert.That(silent.Status.Agent, Is.EqualTo("NotConnected"));
            Assert.That(
                silent.Conditions.Single(static c => c.Type == "AgentConnected").Reason,
                Is.EqualTo("NotConnected")
            );
        }
    }

    [Test]
    public async Task A_report_alone_changes_nothing_in_the_status()
    {
        await UntilReadyAsync();
        Observe();
        await PassAsync();
        var before = _resources.Get<KubernetesRuntimeInstance>("local").Status;
        Observe();
        await PassAsync();
        Assert.That(_resources.Get<KubernetesRuntimeInstance>("local").Status, Is.EqualTo(before));
    }

    [Test]
    public async Task A_cluster_that_does_not_answer_is_Unreachable_and_asked_again()
    {
        var port = Machine.FreePort();
        _resources.Put(
            Runtime(
                _server.Kubeconfig.Replace(_server.Endpoint!, $"https://127.0.0.1:{port}", StringComparison.Ordinal)
            )
        );
        var result = await PassAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Reason, Is.EqualTo("Unreachable"));
            Assert.That(result.Message, Does.StartWith($"Cannot reach https://127.0.0.1:{port}"));
            Assert.That(result.RequeueAfter, Is.Not.Null);
        }
    }

    [Test]
    public async Task A_token_that_is_not_taken_is_Unauthorized()
    {
        _resources.Put(Runtime(_server.Kubeconfig.Replace(_server.Token!, "wrong", StringComparison.Ordinal)));
        Assert.That((await PassAsync()).Reason, Is.EqualTo("Unauthorized"));
    }

    [Test]
    public async Task An_external_agent_gets_the_type_of_its_orders_only()
    {
        await UntilReadyAsync();
        Assert.That(await FindAsync("apps/v1", "Deployment", "threeport-agent"), Is.Not.Null);
        var runtime = Runtime(_server.Kubeconfig);
        runtime.Spec = runtime.Spec with { Agent = "External" };
        _resources.Put(runtime);
        await UntilReadyAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                await _cluster.FindResourceAsync("threeport.io/v1", "ThreeportWorkload", CancellationToken.None),
                Is.Not.Null
            );
            Assert.That(await FindAsync("apps/v1", "Deployment", "threeport-agent"), Is.Null);
        }
    }

    [Test]
    public async Task Deletion_takes_out_what_was_installed()
    {
        await UntilReadyAsync();
        await UntilRemovedAsync();
        Assert.That(
            await _cluster.FindAsync(new("v1", "Namespace", null, "threeport-system"), CancellationToken.None),
            Is.Null
        );
    }

    [Test]
    public async Task Deletion_waits_for_an_unreachable_cluster_unless_it_is_forced()
    {
        await UntilReadyAsync();
        var gone = Runtime(
            _server.Kubeconfig.Replace(
                _server.Endpoint!,
                $"https://127.0.0.1:{Machine.FreePort()}",
                StringComparison.Ordinal
            )
        );
        _resources.Put(gone);
        var waits = await _resources.PassAsync(_reconciler, "local", finalize: true);
        gone.Spec = gone.Spec with { ForceDelete = true };
        _resources.Put(gone);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(waits.Reason, Is.EqualTo("Unreachable"));
            Assert.That(waits.Message, Does.Contain("forceDelete: true"));
            Assert.That(await _resources.PassAsync(_reconciler, "local", finalize: true), Is.EqualTo(Result.Ready));
        }
    }

    private static KubernetesRuntimeInstance Runtime(string kubeconfig) =>
        new()
        {
            Name = "local",
            Spec = new() { KubernetesRuntimeDefinition = "there", Kubeconfig = kubeconfig },
        };

    private void Observe() =>
        _resources.Put(
            new KubernetesRuntimeObservation
            {
                Name = "local",
                Spec = new() { KubernetesRuntimeInstance = "local" },
            }
        );

    private Task<Result> PassAsync() => _resources.PassAsync(_reconciler, "local");

    private Task UntilReadyAsync() =>
        Eventually.TrueAsync("the runtime is ready", async () => (await PassAsync()).IsReady, TimeSpan.FromSeconds(30));

    private Task UntilRemovedAsync() =>
        Eventually.TrueAsync(
            "what was installed is gone",
            async () => (await _resources.PassAsync(_reconciler, "local", finalize: true)).IsReady,
            TimeSpan.FromSeconds(60)
        );

    private Task<System.Text.Json.Nodes.JsonObject?> FindAsync(string apiVersion, string kind, string name) =>
        _cluster.FindAsync(new(apiVersion, kind, "threeport-system", name), CancellationToken.None);

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    private sealed class IssuedCredentials : IAgentCredentials
    {
        public int Issued { get; private set; }

        public Task<AgentCredential> IssueAsync(
            string runtime,
            string signingRequest,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult<AgentCredential>(
                new($"certificate-{++Issued}-of-{runtime}", TimeProvider.System.GetUtcNow().AddDays(365))
            );
    }
}
