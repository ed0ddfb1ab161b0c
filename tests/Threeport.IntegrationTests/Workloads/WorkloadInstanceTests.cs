using System.Text.Json.Nodes;
using Threeport.Api;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;
using Threeport.Modules.Workloads;
using Threeport.Modules.Workloads.WorkloadDefinitions;
using Threeport.Modules.Workloads.WorkloadInstances;
using Threeport.Modules.Workloads.WorkloadObservations;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Workloads;

/// <summary>The reconciler against a real API server; the agent is played by what the test puts.</summary>
public sealed class WorkloadInstanceTests
{
    private const string Map = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data: {a: "1"}
        """;

    private const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: "localhost/web:1"}]}
        """;

    private ClusterPool _clusters = null!;
    private ClusterClient _cluster = null!;
    private MemoryResources _resources = null!;
    private WorkloadInstanceReconciler _reconciler = null!;
    private string _kubeconfig = null!;
    private string _name = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var server = await Servers.KubernetesAsync();
        server.StartControllerManager();
        _kubeconfig = server.Kubeconfig;
        _clusters = new(TimeProvider.System, new(AllowLoopback: true));
        _cluster = new(Kubeconfig.Parse(_kubeconfig));
        foreach (var order in new AgentManifests(AgentScope.Of(null)).Orders)
        {
            await _cluster.ApplyAsync(order.Content, CancellationToken.None);
        }

        await Eventually.TrueAsync(
            "ThreeportWorkload is served",
            async () =>
                await _cluster.FindResourceAsync("threeport.io/v1", "ThreeportWorkload", CancellationToken.None)
                    is not null
        );
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _cluster.Dispose();
        _clusters.Dispose();
    }

    [SetUp]
    public void MakeRuntime()
    {
        _resources = new();
        _reconciler = new(_resources, _clusters, new AgentRights(AgentScope.Of(null)), TimeProvider.System);
        _name = $"t{Guid.CreateVersion7().ToString("N")[^8..]}";
        _resources.Put(Runtime(ConditionStatus.True));
    }

    [Test]
    public async Task A_workload_is_applied_into_a_namespace_of_its_own_and_the_agent_told()
    {
        Define(Map, Web);
        var result = await PassAsync();
        var instance = Instance();
        var deployment = await FindAsync("apps/v1", "Deployment", "web");
        var order = await _cluster.FindAsync(
            ThreeportWorkloads.Reference(instance.Id.ToString("D")),
            CancellationToken.None
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Reason, Is.EqualTo("Progressing"));
            Assert.That(result.Message, Does.Contain("waiting for the agent"));
            Assert.That(instance.Status.Namespace, Does.Match($"^{_name}-[0-9a-f]{{6}}$"));
            Assert.That(instance.Status.ManagesNamespace, Is.True);
            Assert.That(
                instance.Status.Inventory,
                Has.Count.EqualTo(3).And.All.Matches<AppliedObject>(static o => o!.FieldsHash is { Length: 32 })
            );
            Assert.That(WorkloadLabels.OwnerOf(deployment!), Is.EqualTo(instance.Id.ToString("D")));
            Assert.That(
                deployment!["spec"]!["template"]!["metadata"]!["labels"]!["threeport.io/workload-instance"]!.ToString(),
                Is.EqualTo(instance.Id.ToString("D"))
            );
            Assert.That(order!["spec"]!["objects"]!.AsArray(), Has.Count.EqualTo(3));
            Assert.That(
                order["spec"]!["objects"]!.AsArray().Select(static o => o!["fieldsHash"]!.ToString()),
                Is.EqualTo(instance.Status.Inventory.Select(static o => o.FieldsHash))
            );
        }
    }

    [Test]
    public async Task Health_is_what_the_agent_saw_since_the_last_apply()
    {
        Define(Map);
        await PassAsync();
        Observe("Healthy", "");
        var healthy = await PassAsync();
        var count = Instance().Status.Ready;
        Define(Map.Replace("\"1\"}", "\"2\", b: \"3\"}", StringComparison.Ordinal));
        var stale = await PassAsync();
        Observe("Unhealthy", "web-1: ImagePullBackOff localhost/web:1");
        var unhealthy = await PassAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((healthy.Status, healthy.Reason), Is.EqualTo((ConditionStatus.True, "Healthy")));
            Assert.That(count, Is.EqualTo("2/2"));
            Assert.That((stale.Status, stale.Reason), Is.EqualTo((ConditionStatus.False, "Progressing")));
            Assert.That((unhealthy.Status, unhealthy.Reason), Is.EqualTo((ConditionStatus.False, "Unhealthy")));
            Assert.That(unhealthy.Message, Is.EqualTo("web-1: ImagePullBackOff localhost/web:1"));
        }
    }

    [Test]
    public async Task A_pass_with_nothing_to_do_needs_no_cluster()
    {
        Define(Map);
        await PassAsync();
        Observe("Healthy", "");
        _resources.Put(Runtime(ConditionStatus.False, "https://127.0.0.1:1"));
        Assert.That((await PassAsync()).Reason, Is.EqualTo("Healthy"));
    }

    [Test]
    public async Task A_changed_definition_rolls_out_and_what_it_no_longer_has_goes()
    {
        Define(Map, Web);
        await PassAsync();
        Define(Web.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal));
        await UntilAppliedAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                (await FindAsync("apps/v1", "Deployment", "web"))!["spec"]!["replicas"]!.GetValue<int>(),
                Is.EqualTo(3)
            );
            Assert.That(await FindAsync("v1", "ConfigMap", "settings"), Is.Null);
            Assert.That(
                Instance().Status.Inventory.Select(static o => o.Kind),
                Is.EqualTo(new[] { "Namespace", "Deployment" })
            );
        }
    }

    [Test]
    public async Task An_object_that_was_deleted_by_hand_is_put_back()
    {
        Define(Map);
        await PassAsync();
        await DeleteAsync("v1", "ConfigMap", "settings");
        Observe("Unhealthy", "ConfigMap settings is missing", drift: "Deleted");
        await PassAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await FindAsync("v1", "ConfigMap", "settings"), Is.Not.Null);
            Assert.That(
                _resources.Events.Select(static e => e.Event.Reason),
                Is.EqualTo(new[] { "Drifted", "Repaired" })
            );
            Assert.That(
                Instance().Conditions.Single(static c => c.Type == "Drifted").Status,
                Is.EqualTo(ConditionStatus.True)
            );
        }

        Observe("Healthy", "");
        await PassAsync();
        Assert.That(
            Instance().Conditions.Single(static c => c.Type == "Drifted").Status,
            Is.EqualTo(ConditionStatus.False)
        );
    }

    [Test]
    public async Task A_field_that_was_changed_by_hand_is_seen_and_put_right()
    {
        Define(Map);
        await PassAsync();
        var changed = await ChangeByHandAsync();
        Assert.That(FieldsHash.Of(changed), Is.Not.EqualTo(Hash("ConfigMap")));
        Observe("Healthy", "", drift: "Changed", hash: FieldsHash.Of(changed));
        await PassAsync();
        var map = await FindAsync("v1", "ConfigMap", "settings");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(map!["data"]!["a"]!.ToString(), Is.EqualTo("1"));
            Assert.That(FieldsHash.Of(map), Is.EqualTo(Hash("ConfigMap")));
        }
    }

    [Test]
    public async Task The_policy_Report_leaves_a_change_as_it_is()
    {
        Define(Map);
        SetInstance(static spec => spec with { DriftPolicy = "Report" });
        await PassAsync();
        var changed = await ChangeByHandAsync();
        Observe("Healthy", "", drift: "Changed", hash: FieldsHash.Of(changed));
        var result = await PassAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Reason, Is.EqualTo("Healthy"));
            Assert.That(
                (await FindAsync("v1", "ConfigMap", "settings"))!["data"]!["a"]!.ToString(),
                Is.EqualTo("by hand")
            );
            Assert.That(
                Instance().Conditions.Single(static c => c.Type == "Drifted").Message,
                Does.StartWith("ConfigMap settings in namespace")
            );
        }
    }

    [Test]
    public async Task A_new_type_and_its_objects_come_and_go_together()
    {
        var plural = $"things{_name}";
        Define(
            $$"""
            apiVersion: {{_name}}.example.com/v1
            kind: Thing
            metadata: {name: one}
            spec: {size: 3}
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: {{plural}}.{{_name}}.example.com}
            spec:
              group: {{_name}}.example.com
              scope: Namespaced
              names: {kind: Thing, plural: {{plural}}}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """
        );
        await UntilAppliedAsync();
        Assert.That(await FindAsync($"{_name}.example.com/v1", "Thing", "one"), Is.Not.Null);
        await UntilRemovedAsync();
    }

    [Test]
    public async Task What_belongs_to_another_instance_or_to_nobody_is_left_alone()
    {
        Define($"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {_name}}}\n---\n{Map}");
        await UntilAppliedAsync();
        var first = _name;
        var second = _resources.Put(new WorkloadInstance { Name = $"{_name}-b", Spec = Instance().Spec });
        var conflict = await _resources.PassAsync(_reconciler, second.Name);

        Define($"apiVersion: v1\nkind: Namespace\nmetadata: {{name: default}}\n---\n{Map}");
        var third = _resources.Put(new WorkloadInstance { Name = $"{_name}-c", Spec = Instance().Spec });
        var exists = await _resources.PassAsync(_reconciler, third.Name);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                (conflict.Reason, conflict.Message),
                Is.EqualTo(("Conflict", $"Namespace {first} belongs to workload-instance {first}."))
            );
            Assert.That(exists.Reason, Is.EqualTo("AlreadyExists"));
            Assert.That(exists.Message, Does.StartWith("Namespace default is there already"));
            Assert.That(await _resources.PassAsync(_reconciler, third.Name, finalize: true), Is.EqualTo(Result.Ready));
            Assert.That(
                await _cluster.FindAsync(new("v1", "Namespace", null, "default"), CancellationToken.None),
                Is.Not.Null
            );
        }
    }

    [Test]
    public async Task Nothing_goes_into_the_namespace_of_another_instance()
    {
        Define(Map);
        await UntilAppliedAsync();
        var (first, home) = (_name, Instance().Status.Namespace!);
        const string role =
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: tp-intruder}";
        Define(role, Map, $"apiVersion: v1\nkind: Secret\nmetadata: {{name: intruder, namespace: {home}}}");
        var second = _resources.Put(new WorkloadInstance { Name = $"{first}-b", Spec = Instance().Spec });
        var refused = await _resources.PassAsync(_reconciler, second.Name);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Reason, Is.EqualTo("Conflict"));
            Assert.That(
                refused.Message,
                Is.EqualTo(
                    $"Secret intruder in namespace {home} may not go there: the namespace belongs to workload-instance {first}."
                )
            );
            Assert.That(
                await _cluster.FindAsync(new("v1", "Secret", home, "intruder"), CancellationToken.None),
                Is.Null
            );
            Assert.That(
                await _cluster.FindAsync(
                    new("rbac.authorization.k8s.io/v1", "ClusterRole", null, "tp-intruder"),
                    CancellationToken.None
                ),
                Is.Null,
                "what comes before it was not applied"
            );
            Assert.That(second.Status.Inventory, Is.Empty);
        }
    }

    [Test]
    public async Task A_definition_of_an_older_version_that_names_our_namespaces_is_not_applied()
    {
        Define(Map, "apiVersion: v1\nkind: Namespace\nmetadata: {name: threeport-prod}");
        var refused = await PassAsync();
        Assert.That(
            (refused.Reason, Instance().Status.Inventory.Count),
            Is.EqualTo(("InvalidManifest", 0)),
            refused.Message
        );
    }

    [Test]
    public async Task A_namespace_that_is_not_there_is_waited_for()
    {
        Define(Map.Replace("name: settings", $"name: settings, namespace: {_name}-later", StringComparison.Ordinal));
        var waits = await PassAsync();
        Assert.That(
            (waits.Reason, waits.Message),
            Is.EqualTo(("ApplyFailed", $"ConfigMap settings in namespace {_name}-later: there is no such namespace."))
        );
        await _cluster.ApplyAsync(
            new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = $"{_name}-later" },
            },
            CancellationToken.None
        );
        await UntilAppliedAsync();
        Assert.That(
            await _cluster.FindAsync(new("v1", "ConfigMap", $"{_name}-later", "settings"), CancellationToken.None),
            Is.Not.Null,
            "a namespace that nobody's instance owns is everybody's"
        );
    }

    [Test]
    public async Task What_Kubernetes_refuses_is_said_in_its_own_words()
    {
        Define(Web.Replace("image: \"localhost/web:1\"", "imagePullPolicy: Nope", StringComparison.Ordinal), Map);
        var result = await PassAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Reason, Is.EqualTo("ApplyFailed"));
            Assert.That(result.Message, Does.StartWith("Deployment web in namespace").And.Contain("Nope"));
            Assert.That(result.RequeueAfter, Is.EqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(await FindAsync("v1", "ConfigMap", "settings"), Is.Not.Null);
        }

        Define(Map);
        await UntilAppliedAsync();
    }

    [Test]
    public async Task A_type_that_the_cluster_does_not_know_is_named()
    {
        Define("apiVersion: nobody.example.com/v1\nkind: Thing\nmetadata: {name: a}");
        var result = await PassAsync();
        Assert.That(
            (result.Reason, result.Message),
            Is.EqualTo(("UnknownKind", "The cluster does not know Thing of nobody.example.com/v1."))
        );
    }

    [Test]
    public async Task A_pass_that_died_before_it_applied_is_taken_up_and_leaks_nothing()
    {
        Define(Map, Web);
        _resources.DieAtCheckpoint = true;
        Assert.That(async () => await PassAsync(), Throws.TypeOf<PassLostException>());
        Assert.That(
            Instance().Status.Inventory,
            Has.Count.EqualTo(3).And.All.Matches<AppliedObject>(static o => o!.FieldsHash is null)
        );
        await UntilAppliedAsync();
        await UntilRemovedAsync();
    }

    [Test]
    public async Task Nothing_is_applied_to_a_runtime_that_is_not_ready()
    {
        _resources.Put(Runtime(ConditionStatus.False));
        Define(Map);
        var result = await PassAsync();
        Assert.That((result.Reason, result.RequeueAfter), Is.EqualTo(("RuntimeNotReady", (TimeSpan?)null)));
    }

    [Test]
    public async Task Deletion_waits_until_everything_is_gone()
    {
        Define(Map, Web);
        await PassAsync();
        var ns = Instance().Status.Namespace!;
        var waited = await UntilRemovedAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(waited, Has.Some.Matches<Result>(static r => r!.Reason == "Deleting"));
            Assert.That(await _cluster.FindAsync(new("v1", "Namespace", null, ns), CancellationToken.None), Is.Null);
            Assert.That(
                await _cluster.FindAsync(
                    ThreeportWorkloads.Reference(Instance().Id.ToString("D")),
                    CancellationToken.None
                ),
                Is.Null
            );
        }
    }

    [Test]
    public async Task A_deletion_with_an_unreachable_cluster_waits_unless_the_runtime_is_given_up()
    {
        Define(Map);
        await PassAsync();
        _resources.Put(Runtime(ConditionStatus.False, "https://127.0.0.1:1"));
        var waits = await _resources.PassAsync(_reconciler, _name, finalize: true);
        var runtime = Runtime(ConditionStatus.False, "https://127.0.0.1:1");
        runtime.Spec = runtime.Spec with { ForceDelete = true };
        _resources.Put(runtime);
        var forced = await _resources.PassAsync(_reconciler, _name, finalize: true);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(waits.Reason, Is.EqualTo("Unreachable"));
            Assert.That(forced, Is.EqualTo(Result.Ready));
        }
    }

    [Test]
    public async Task The_agent_may_read_the_types_in_use()
    {
        Define(Map);
        await PassAsync();
        var role = await _cluster.FindAsync(
            new("rbac.authorization.k8s.io/v1", "ClusterRole", null, "threeport-system-agent-configmaps"),
            CancellationToken.None
        );
        Assert.That(
            role!["metadata"]!["labels"]!["threeport.io/aggregate-to-agent"]!.ToString(),
            Is.EqualTo("threeport-system")
        );
    }

    private KubernetesRuntimeInstance Runtime(ConditionStatus ready, string? endpoint = null)
    {
        var kubeconfig = endpoint is null
            ? _kubeconfig
            : System.Text.RegularExpressions.Regex.Replace(_kubeconfig, "https://[^\"\\s,}]+", endpoint);
        return new()
        {
            Name = "test",
            Spec = new() { KubernetesRuntimeDefinition = "test", Kubeconfig = kubeconfig },
            Conditions = [new("Ready", ready, ready is ConditionStatus.True ? "Ready" : "Unreachable", "")],
        };
    }

    private void Define(params string[] documents)
    {
        _resources.Put(
            new WorkloadDefinition
            {
                Name = _name,
                Spec = new() { YamlDocument = string.Join("\n---\n", documents) },
            }
        );
        if (_resources.FindAsync<WorkloadInstance>(_name, CancellationToken.None).Result is null)
        {
            SetInstance(static spec => spec);
        }
    }

    private void SetInstance(Func<WorkloadInstanceSpec, WorkloadInstanceSpec> change) =>
        _resources.Put(
            new WorkloadInstance
            {
                Name = _name,
                Spec = change(new() { WorkloadDefinition = _name, KubernetesRuntimeInstance = "test" }),
            }
        );

    private WorkloadInstance Instance() => _resources.Get<WorkloadInstance>(_name);

    private Task<Result> PassAsync() => _resources.PassAsync(_reconciler, _name);

    private Task UntilAppliedAsync() =>
        Eventually.TrueAsync(
            "everything is applied and nothing is left over",
            async () =>
            {
                var result = await PassAsync();
                return result.Reason == "Progressing"
                    && result.Message.Contains("waiting for the agent", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(30)
        );

    private async Task<List<Result>> UntilRemovedAsync()
    {
        var results = new List<Result>();
        await Eventually.TrueAsync(
            "everything is gone",
            async () =>
            {
                results.Add(await _resources.PassAsync(_reconciler, _name, finalize: true));
                return results[^1].IsReady;
            },
            TimeSpan.FromSeconds(60)
        );
        return results;
    }

    private string? Hash(string kind) => Instance().Status.Inventory.Single(o => o.Kind == kind).FieldsHash;

    private Task<JsonObject?> FindAsync(string apiVersion, string kind, string name) =>
        _cluster.FindAsync(new(apiVersion, kind, Instance().Status.Namespace, name), CancellationToken.None);

    private Task<DeleteOutcome> DeleteAsync(string apiVersion, string kind, string name) =>
        _cluster.DeleteAsync(
            new(apiVersion, kind, Instance().Status.Namespace, name),
            Propagation.Background,
            uid: null,
            CancellationToken.None
        );

    /// <summary>What <c>kubectl edit</c> does: an update by another manager.</summary>
    private async Task<JsonObject> ChangeByHandAsync()
    {
        var ns = Instance().Status.Namespace;
        var connection = Kubeconfig.Parse(_kubeconfig);
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        using var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Authorization = new("Bearer", connection.Token);
        using var patch = new StringContent("""{"data":{"a":"by hand"}}""");
        patch.Headers.ContentType = new("application/merge-patch+json");
        var path = $"/api/v1/namespaces/{ns}/configmaps/settings?fieldManager=somebody";
        using var answer = await http.PatchAsync(new Uri(connection.Server, path), patch);
        return JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!.AsObject();
    }

    private void Observe(string health, string message, string? drift = null, string? hash = null) =>
        _resources.Put(
            new WorkloadObservation
            {
                Name = _name,
                Spec = new()
                {
                    WorkloadInstance = _name,
                    KubernetesRuntimeInstance = "test",
                    Health = health,
                    Message = message,
                    ReadyPods = 2,
                    WantedPods = 2,
                    Objects =
                    [
                        .. Instance()
                            .Status.Inventory.Select(o => new ObservedObject
                            {
                                ApiVersion = o.ApiVersion,
                                Kind = o.Kind,
                                Namespace = o.Namespace,
                                Name = o.Name,
                                Health = health,
                                Drift = o.Kind == "ConfigMap" ? drift : null,
                                FieldsHash = o.Kind != "ConfigMap" || drift is null ? o.FieldsHash : hash,
                            }),
                    ],
                },
            }
        );
}
