using Threeport.Cli;
using Threeport.Cli.Files;
using Threeport.Cli.Output;

namespace Threeport.Tests.Cli;

public sealed class ResourceFilesTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("threeport-files-").FullName;
        File.WriteAllText(Path.Combine(_folder, "manifest.yaml"), "kind: ConfigMap\n");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_workload_of_the_original_is_a_definition_and_an_instance_of_it()
    {
        var read = Read(
            """
            Workload:
              Name: shop
              YAMLDocument: manifest.yaml
              KubernetesRuntimeInstance:
                Name: eks
            """
        );
        Assert.That(
            read.Select(static r => Json.Object(("b", r.Body))["b"]!.ToJsonString()),
            Is.EqualTo([
                """{"kind":"workload-definition","name":"shop","spec":{"yamlDocument":"kind: ConfigMap\n"}}""",
                """{"kind":"workload-instance","name":"shop","spec":{"kubernetesRuntimeInstance":"eks","workloadDefinition":"shop"}}""",
            ])
        );
    }

    [Test]
    public void An_account_and_a_cluster_at_AWS_are_read_with_the_keys_of_the_original()
    {
        var read = Read(
            """
            AwsAccount:
              Name: default-account
              AccountID: 012345678901
              DefaultAccount: true
              DefaultRegion: us-east-1
            ---
            AwsEksKubernetesRuntime:
              Name: direct
              AwsAccountName: default-account
              ZoneCount: 2
              Region: us-east-1
            """
        );
        Assert.That(
            read.Select(static r => Json.Object(("b", r.Body))["b"]!.ToJsonString()),
            Is.EqualTo([
                """{"kind":"aws-account","name":"default-account","spec":{"accountId":"012345678901","defaultAccount":true,"defaultRegion":"us-east-1"}}""",
                """{"kind":"aws-eks-kubernetes-runtime-definition","name":"direct","spec":{"awsAccount":"default-account","zoneCount":2}}""",
                """{"kind":"aws-eks-kubernetes-runtime-instance","name":"direct","spec":{"region":"us-east-1","awsEksKubernetesRuntimeDefinition":"direct"}}""",
            ])
        );
    }

    [Test]
    public void An_instance_of_the_original_names_its_definition()
    {
        var read = Read("WorkloadInstance:\n  Name: shop-01\n  WorkloadDefinition:\n    Name: shop\n");
        Assert.That(read.Single().Body["spec"]!["workloadDefinition"].Text(), Is.EqualTo("shop"));
    }

    [Test]
    public void A_key_that_the_kind_does_not_know_is_told_with_its_line()
    {
        var failure = Assert.Throws<FailureException>(() => Read("Workload:\n  Name: shop\n  YAMLDokument: x.yaml\n"));
        Assert.That(
            failure.Message,
            Is.EqualTo(
                "shop.yaml:3: Workload \"shop\": there is no key \"YAMLDokument\". Did you mean \"YamlDocument\"?"
            )
        );
    }

    [Test]
    public void A_kind_that_the_control_plane_does_not_have_is_told()
    {
        var failure = Assert.Throws<FailureException>(() => Read("HelmWorkload:\n  Name: x\n"));
        Assert.That(failure.Message, Does.StartWith("shop.yaml:1: this control plane has no kind \"HelmWorkload\"."));
    }

    [Test]
    public void A_file_that_is_not_there_is_told_with_the_line_that_names_it()
    {
        var failure = Assert.Throws<FailureException>(() =>
            Read("Workload:\n  Name: shop\n  YAMLDocument: lost.yaml\n")
        );
        Assert.That(failure.Message, Does.StartWith("shop.yaml:3: Workload: YAMLDocument: there is no file "));
    }

    [Test]
    public void What_get_prints_as_YAML_is_read_back()
    {
        var read = Read(
            """
            kind: workload-definition
            id: 0198c7a0-0000-7000-8000-000000000000
            name: shop
            generation: 3
            revision: 9
            spec:
              yamlDocument: |
                kind: ConfigMap
                data:
                  a: "1"
            conditions: []
            """
        );
        Assert.That(
            read.Single().Body.ToJsonString(),
            Is.EqualTo(
                """{"kind":"workload-definition","name":"shop","spec":{"yamlDocument":"kind: ConfigMap\ndata:\n  a: \u00221\u0022\n"}}"""
            )
        );
        Assert.That(read.Single().LineOf("/spec/yamlDocument"), Is.EqualTo(7));
        Assert.That(read.Single().LineOf("/spec/driftPolicy"), Is.EqualTo(6));
    }

    [Test]
    public void An_error_of_the_API_is_told_where_it_stands()
    {
        var read = Read("Workload:\n  Name: shop\n  YAMLDocument: manifest.yaml\n");
        Assert.That(
            read[0].Describe("/spec/yamlDocument", "document 1, line 1: ConfigMap has no metadata.name"),
            Is.EqualTo(
                "shop.yaml:3: WorkloadDefinition \"shop\": spec.yamlDocument: document 1, line 1: ConfigMap has no metadata.name"
            )
        );
    }

    [TestCase("a: &x 1\nb: *x\n", "Anchors and aliases")]
    [TestCase("Workload:\n  Name: a\n  Name: b\n", "\"Name\" is there twice")]
    [TestCase("- a\n", "a set of keys and values")]
    [TestCase("Workload:\n  YAMLDocument: x\n", "Workload has no Name")]
    [TestCase("kind: workload-instanse\nname: x\n", "Did you mean \"workload-instance\"?")]
    [TestCase("kind: workload-instance\nname: x\nspek: {}\n", "there is no member \"spek\"")]
    public void What_is_wrong_is_told(string text, string message) =>
        Assert.That(Assert.Throws<FailureException>(() => Read(text))!.Message, Does.Contain(message));

    private List<ResourceDocument> Read(string text) =>
        [.. ResourceFiles.Read(text, "shop.yaml", _folder, RealKinds.Index)];
}
