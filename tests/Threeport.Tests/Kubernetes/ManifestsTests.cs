using System.Text;
using Threeport.Kubernetes;

namespace Threeport.Tests.Kubernetes;

public sealed class ManifestsTests
{
    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

    [Test]
    public void Documents_are_read_in_order_and_empty_ones_skipped()
    {
        var manifests = Manifests.Parse(
            """
            # a comment
            ---
            apiVersion: v1
            kind: Namespace
            metadata:
              name: shop
            ---
            ---
            # nothing
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
              namespace: shop
            ...
            """
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                manifests.Select(static m => m.Reference),
                Is.EqualTo(
                    new ObjectReference[]
                    {
                        new("v1", "Namespace", null, "shop"),
                        new("apps/v1", "Deployment", "shop", "web"),
                    }
                )
            );
            Assert.That(manifests.Select(static m => m.Line), Is.EqualTo(new[] { 3, 11 }));
        }
    }

    [TestCase("")]
    [TestCase("---\n")]
    [TestCase("# only a comment\n")]
    [TestCase("---\n---\n")]
    public void Nothing_is_no_objects(string yaml) => Assert.That(Manifests.Parse(yaml), Is.Empty);

    [Test]
    public void JSON_is_YAML_too() =>
        Assert.That(
            Manifests
                .Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"\u0041"}}""")[0]
                .Content["data"]!["x"]!.GetValue<string>(),
            Is.EqualTo("A")
        );

    [Test]
    public void Strings_of_every_style_are_kept()
    {
        var data = Manifests
            .Parse(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: a}
                data:
                  quoted: "yes"
                  single: '007'
                  plain: hello world
                  literal: |
                    a
                      b
                  folded: >-
                    a
                    b
                  tagged: !!str 5
                  8080: default/web:80
                """
            )[0]
            .Content["data"]!;
        Assert.That(
            data.ToJsonString(),
            Is.EqualTo(
                """{"quoted":"yes","single":"007","plain":"hello world","literal":"a\n  b\n","folded":"a b","tagged":"5","8080":"default/web:80"}"""
            )
        );
    }

    [Test]
    public void Lists_are_taken_apart_however_deep()
    {
        var manifests = Manifests.Parse(
            """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
            - apiVersion: v1
              kind: SecretList
              items:
              - {apiVersion: v1, kind: Secret, metadata: {name: b}}
            """
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(manifests.Select(static m => m.Reference.Name), Is.EqualTo(new[] { "a", "b" }));
            Assert.That(manifests.Select(static m => m.Line), Is.EqualTo(new[] { 4, 8 }));
            Assert.That(manifests.Select(static m => m.Content.Parent), Is.All.Null);
        }
    }

    [Test]
    public void Anchors_and_merges_are_expanded()
    {
        var data = Manifests
            .Parse(
                """
                apiVersion: example.com/v1
                kind: Thing
                metadata: {name: a}
                spec:
                  base: &base {a: 1, b: {c: 2}}
                  copy: *base
                  merged:
                    <<: *base
                    a: 3
                """
            )[0]
            .Content["spec"]!;
        Assert.That(
            data.ToJsonString(),
            Is.EqualTo("""{"base":{"a":1,"b":{"c":2}},"copy":{"a":1,"b":{"c":2}},"merged":{"a":3,"b":{"c":2}}}""")
        );
    }

    [TestCase("kind: ConfigMap\nmetadata: {name: a}", "document 1, line 1: ConfigMap has no apiVersion")]
    [TestCase("apiVersion: v1\nmetadata: {name: a}", "document 1, line 1: an object has no kind")]
    [TestCase("apiVersion: v1\nkind: Pod", "document 1, line 1: Pod has no metadata.name")]
    [TestCase(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: 5}",
        "document 1, line 1: Pod: metadata.name must be a string of 1 to 253 characters without spaces, / and %"
    )]
    [TestCase(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: ../x}",
        "document 1, line 1: Pod: metadata.name must be a string of 1 to 253 characters without spaces, / and %"
    )]
    [TestCase(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: A_b}",
        "document 1, line 1: Pod a: metadata.namespace must be a DNS label: 1 to 63 of a-z, 0-9 and -"
    )]
    [TestCase(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {x: 5}}",
        "document 1, line 1: Pod a: metadata.labels.x must be a string; put it in quotes"
    )]
    [TestCase(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: [x]}",
        "document 1, line 1: Pod a: metadata.labels must be a map of strings"
    )]
    [TestCase(
        "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}",
        "document 1, line 1: Pod has no metadata.name; metadata.generateName is not enough, because it would be made anew each time"
    )]
    [TestCase(
        "apiVersion: v1/2/3\nkind: Pod\nmetadata: {name: a}",
        "document 1, line 1: Pod: apiVersion must be such as v1 or apps/v1"
    )]
    [TestCase(
        "apiVersion: ../../x\nkind: Pod\nmetadata: {name: a}",
        "document 1, line 1: Pod: apiVersion must be such as v1 or apps/v1"
    )]
    [TestCase("hello", "document 1, line 1: a Kubernetes object is a map with apiVersion, kind and metadata")]
    [TestCase("- 1", "document 1, line 1: a Kubernetes object is a map with apiVersion, kind and metadata")]
    [TestCase("a: 1\na: 2", "document 1, line 2: the key \"a\" is there twice")]
    [TestCase("a:\n  yes: 2", "document 1, line 2: the key yes is not a string; put it in quotes")]
    [TestCase("a:\n  ? [1]\n  : 2", "document 1, line 2: a key must be a string")]
    [TestCase("a: !!binary aGk=", "document 1, line 1: the tag tag:yaml.org,2002:binary is not allowed")]
    [TestCase("a: !object {}", "document 1, line 1: the tag !object is not allowed")]
    [TestCase("a: *b", "document 1, line 1: the alias *b names no anchor before it")]
    [TestCase("a: &a [*a]", "document 1, line 1: the alias *a names no anchor before it")]
    [TestCase("a: .inf", "document 1, line 1: .inf cannot be written as JSON")]
    public void What_is_wrong_is_said_with_document_and_line(string yaml, string error) =>
        Assert.That(Errors(yaml), Is.EqualTo(new[] { error }));

    [Test]
    public void Every_wrong_object_is_told_of()
    {
        var errors = Errors(
            Map + "---\napiVersion: v1\nkind: Secret\n---\n\n\napiVersion: apps/v1\nkind: Deployment\nmetadata: {}\n"
        );
        Assert.That(
            errors,
            Is.EqualTo(
                new[]
                {
                    "document 2, line 5: Secret has no metadata.name",
                    "document 3, line 10: Deployment has no metadata.name",
                }
            )
        );
    }

    [Test]
    public void The_same_object_twice_is_refused_also_in_another_version() =>
        Assert.That(
            Errors(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n---\napiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: a}\n"
            ),
            Is.EqualTo(new[] { "document 2, line 5: Deployment a is there already, in document 1, line 1" })
        );

    [TestCase("a: [\n")]
    [TestCase("a: b: c\n")]
    [TestCase("\ta: 1\n")]
    [TestCase("a: \"\n")]
    [TestCase("%YAML 9.9\n---\na: 1\n")]
    [TestCase("a: &x\n  - *x\n b")]
    [TestCase("}")]
    [TestCase("\u0000")]
    [TestCase("a: \u0007")]
    public void What_is_not_YAML_is_an_error_with_a_line(string yaml) =>
        Assert.That(Errors(yaml), Has.Count.EqualTo(1).And.All.StartsWith("document 1, line "));

    [Test]
    [CancelAfter(5_000)]
    public void A_bomb_of_aliases_is_refused_before_it_is_made()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 30; i++)
        {
            bomb.Append($"a{i}: &a{i} [").AppendJoin(',', Enumerable.Repeat($"*a{i - 1}", 9)).Append("]\n");
        }

        Assert.That(Errors(bomb.ToString()), Has.Count.EqualTo(1).And.All.Contains("more than 20000 values"));
    }

    [Test]
    public void Depth_has_a_limit() =>
        Assert.That(
            Errors("a: " + new string('[', 100_000)),
            Is.EqualTo(new[] { "document 1, line 1: nested deeper than 64" })
        );

    [Test]
    public void Depth_made_by_aliases_has_a_limit()
    {
        var yaml = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i < 100; i++)
        {
            yaml.Append($"a{i}: &a{i} [*a{i - 1}]\n");
        }

        Assert.That(Errors(yaml.ToString())[0], Does.EndWith("nested deeper than 64"));
    }

    [Test]
    public void Values_have_a_limit() =>
        Assert.That(
            Errors("a: [" + string.Join(',', Enumerable.Repeat("1", 20_001)) + "]")[0],
            Does.Contain("more than 20000 values")
        );

    [Test]
    public void Size_has_a_limit() =>
        Assert.That(
            Errors("# " + new string('é', Manifests.MaximumBytes / 2)),
            Is.EqualTo(new[] { "document 1, line 1: 1048578 bytes; at most 1048576 are allowed" })
        );

    [Test]
    public void Objects_have_a_limit()
    {
        var yaml = string.Join(
            "---\n",
            Enumerable.Range(0, 501).Select(static i => Map.Replace("name: a", $"name: a{i}", StringComparison.Ordinal))
        );
        Assert.That(Errors(yaml), Is.EqualTo(new[] { "501 objects; at most 500 are allowed" }));
    }

    [Test]
    public void A_megabyte_of_text_is_fine() =>
        Assert.That(Manifests.Parse(Map + "data:\n  x: " + new string('x', 1_000_000)), Has.Count.EqualTo(1));

    private static IReadOnlyList<string> Errors(string yaml) =>
        Assert.Throws<ManifestException>(() => Manifests.Parse(yaml))!.Errors;
}
