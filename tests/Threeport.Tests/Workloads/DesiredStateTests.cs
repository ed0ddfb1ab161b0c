using System.Text.Json.Nodes;
using Threeport.Kubernetes;
using Threeport.Modules.Workloads.WorkloadInstances;

namespace Threeport.Tests.Workloads;

public sealed class DesiredStateTests
{
    private static readonly WorkloadInstance Instance = new()
    {
        Id = Guid.Parse("01989c2e-0000-7000-8000-0000004f2a1c"),
        Name = "shop",
    };

    [Test]
    public void Without_a_namespace_one_is_made_for_the_instance()
    {
        var desired = Desired(Map("a"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((desired.Namespace, desired.ManagesNamespace), Is.EqualTo(("shop-4f2a1c", true)));
            Assert.That(
                Names(desired),
                Is.EqualTo(new[] { "Namespace shop-4f2a1c", "ConfigMap a in namespace shop-4f2a1c" })
            );
        }
    }

    [Test]
    public void A_port_without_a_protocol_is_one_of_TCP()
    {
        const string yaml = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {ports: [{port: 80}, {port: 53, protocol: UDP}]}
            ---
            apiVersion: example.com/v1
            kind: Thing
            metadata: {name: web}
            spec: {ports: [{port: 80}]}
            """;
        var desired = DesiredState.For(Instance, Manifests.Parse(yaml), static (_, _) => false);
        Assert.That(
            desired.Objects.ToDictionary(
                static o => o.Reference.Kind,
                static o => o.Content["spec"]!["ports"]!.ToJsonString()
            ),
            Is.EquivalentTo(
                new Dictionary<string, string>
                {
                    ["Service"] = """[{"port":80,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]""",
                    ["Thing"] = """[{"port":80}]""",
                }
            )
        );
    }

    [Test]
    public void A_namespace_that_is_declared_is_the_home_of_what_names_none()
    {
        var desired = Desired(Map("a"), Space("mine"), Map("b", "other"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((desired.Namespace, desired.ManagesNamespace), Is.EqualTo(("mine", false)));
            Assert.That(
                Names(desired),
                Is.EqualTo(
                    new[] { "Namespace mine", "ConfigMap a in namespace mine", "ConfigMap b in namespace other" }
                )
            );
        }
    }

    [Test]
    public void With_two_that_are_declared_the_home_is_the_instances_own()
    {
        var desired = Desired(Space("one"), Space("two"), Map("a"));
        Assert.That((desired.Namespace, desired.ManagesNamespace), Is.EqualTo(("shop-4f2a1c", true)));
    }

    [Test]
    public void No_namespace_is_made_that_nothing_goes_to()
    {
        var desired = Desired(
            Map("a", "there"),
            "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v, namespace: x}"
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That((desired.Namespace, desired.ManagesNamespace), Is.EqualTo(((string?)null, false)));
            Assert.That(Names(desired), Is.EqualTo(new[] { "ConfigMap a in namespace there", "PersistentVolume v" }));
        }
    }

    [Test]
    public void A_long_name_still_makes_a_namespace_that_Kubernetes_takes()
    {
        var instance = new WorkloadInstance { Id = Instance.Id, Name = new string('a', 55) + "-bcdefgh" };
        Assert.That(Namespaces.ManagedBy(instance), Is.EqualTo(new string('a', 55) + "-4f2a1c").And.Length.AtMost(63));
    }

    [TestCase("apps/v1", "Deployment", "/spec/template/metadata/labels")]
    [TestCase("batch/v1", "Job", "/spec/template/metadata/labels")]
    [TestCase("batch/v1", "CronJob", "/spec/jobTemplate/spec/template/metadata/labels")]
    public void Pods_carry_the_instance_too(string apiVersion, string kind, string pointer)
    {
        var template = kind == "CronJob" ? "{jobTemplate: {spec: {template: {spec: {}}}}}" : "{template: {spec: {}}}";
        var content = Desired($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: a}}\nspec: {template}")
            .Objects[1]
            .Content;
        JsonNode? labels = content;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            labels = labels?[part];
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(labels?["threeport.io/workload-instance"]?.ToString(), Is.EqualTo(Instance.Id.ToString("D")));
            Assert.That(
                content["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]!.ToString(),
                Is.EqualTo("threeport")
            );
        }
    }

    [Test]
    public void The_authors_managed_by_stays_because_selectors_may_need_it()
    {
        var content = Desired(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {app.kubernetes.io/managed-by: Helm}}"
        )
            .Objects[1]
            .Content;
        Assert.That(content["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]!.ToString(), Is.EqualTo("Helm"));
    }

    [Test]
    public void The_manifests_themselves_are_not_changed()
    {
        var manifests = Manifests.Parse(Map("a"));
        var before = manifests[0].Content.ToJsonString();
        DesiredState.For(Instance, manifests, static (_, _) => true);
        Assert.That(manifests[0].Content.ToJsonString(), Is.EqualTo(before));
    }

    [TestCase(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: kube-system}",
        "kube-system is the cluster's own"
    )]
    [TestCase(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: threeport-system}",
        "threeport-system is the control plane's own"
    )]
    [TestCase(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: threeport-prod}",
        "threeport-prod is the control plane's own"
    )]
    [TestCase(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: threeport-prod-system}",
        "threeport-prod-system is the control plane's own"
    )]
    [TestCase(
        "apiVersion: threeport.io/v1\nkind: ThreeportWorkload\nmetadata: {name: a}",
        "threeport.io are the control plane's own"
    )]
    public void What_belongs_to_the_cluster_or_to_us_is_refused(string yaml, string message) =>
        Assert.That(Namespaces.Refuse(Manifests.Parse(yaml)[0]), Does.Contain(message));

    [TestCase("default")]
    [TestCase("kube-system-of-mine")]
    [TestCase("threeports")]
    public void Other_namespaces_are_not(string ns) =>
        Assert.That(Namespaces.Refuse(Manifests.Parse(Map("a", ns))[0]), Is.Null);

    private static DesiredState Desired(params string[] documents) =>
        DesiredState.For(
            Instance,
            Manifests.Parse(string.Join("\n---\n", documents)),
            static (_, kind) => kind is not ("Namespace" or "PersistentVolume")
        );

    private static IEnumerable<string> Names(DesiredState desired) =>
        desired.Objects.Select(static o => o.Reference.ToString());

    private static string Map(string name, string? ns = null) =>
        $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}{(ns is null ? "" : $", namespace: {ns}")}}}";

    private static string Space(string name) => $"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}";
}
