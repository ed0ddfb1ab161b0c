using System.Text;
using System.Text.Json.Nodes;

namespace Threeport.IntegrationTests.Server.BadInput;

/// <summary>YAML inside JSON, through the kind that takes it.</summary>
public sealed class BadManifestTests
{
    private const string Good = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: good\n";
    private Refusing _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await Refusing.StartAsync();

    [TestCase("malformed", "a: [1\n", "document 1, line")]
    [TestCase("a tab", "a:\n\tb: 1\n", "document 1, line 1")]
    [TestCase("a scalar", "text\n", "document 1, line 1")]
    [TestCase("a list", "- a\n- b\n", "document 1, line 1")]
    [TestCase("no kind", "apiVersion: v1\nmetadata: {name: a}\n", "document 1, line 1")]
    [TestCase("no apiVersion", "kind: ConfigMap\nmetadata: {name: a}\n", "document 1, line 1")]
    [TestCase("no name", "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n", "metadata.name")]
    [TestCase("no metadata", "apiVersion: v1\nkind: ConfigMap\n", "metadata.name")]
    [TestCase("a number as name", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 5}\n", "document 1, line")]
    [TestCase(
        "keys twice",
        "apiVersion: v1\nkind: ConfigMap\nkind: Secret\nmetadata: {name: a}\n",
        "document 1, line 3"
    )]
    [TestCase("an unknown alias", "a: *nowhere\n", "document 1, line 1")]
    [TestCase("a .NET type", "!System.Diagnostics.Process,System {a: b}\n", "document 1, line 1")]
    [TestCase("empty", "", "no Kubernetes objects")]
    [TestCase("comments", "# nothing\n---\n# more\n", "no Kubernetes objects")]
    public async Task A_wrong_manifest_is_refused_with_its_document_and_line(string what, string yaml, string said)
    {
        var problem = await RefusedAsync(yaml);
        Assert.That(Refusing.DetailsOf(problem), Does.Contain(said), what);
    }

    [Test]
    public async Task The_third_document_is_called_the_third()
    {
        var problem = await RefusedAsync(
            $"{Good}---\n{Good.Replace("good", "two")}---\napiVersion: v1\nkind: Secret\n"
        );
        Assert.That(Refusing.DetailsOf(problem), Does.Contain("document 3, line 11"));
    }

    [Test]
    public async Task The_same_object_twice_is_refused() =>
        Assert.That(Refusing.DetailsOf(await RefusedAsync($"{Good}---\n{Good}")), Does.Contain("document 2, line 6"));

    [TestCase("kube-system")]
    [TestCase("threeport-system")]
    [TestCase("threeport-prod")]
    [TestCase("threeport-prod-system")]
    public async Task A_namespace_of_the_cluster_or_of_a_control_plane_is_refused(string ns)
    {
        var inside = Good.Replace("name: good", $"name: good\n  namespace: {ns}");
        var itself = $"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {ns}\n";
        var list = $"apiVersion: v1\nkind: List\nitems:\n- {inside.ReplaceLineEndings("\n  ").TrimEnd()}\n";
        foreach (var yaml in new[] { inside, itself, list })
        {
            Assert.That(
                Refusing.DetailsOf(await RefusedAsync($"{Good}---\n{yaml}")),
                Does.Contain($"the namespace {ns} is the")
            );
        }
    }

    [Test]
    public async Task A_bomb_of_aliases_is_refused_at_once()
    {
        var yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            var aliases = string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10));
            yaml.Append($"a{i}: &a{i} [{aliases}]\n");
        }

        await RefusedAsync(yaml.ToString());
    }

    [TestCase('[', ']')]
    [TestCase('{', '}')]
    public async Task A_manifest_a_thousand_levels_deep_is_refused(char open, char close) =>
        await RefusedAsync($"a: {new string(open, 1_000)}{new string(close, 1_000)}\n");

    [Test]
    public async Task A_manifest_of_more_than_a_mebibyte_is_refused() =>
        await RefusedAsync(Good + "data:\n  big: " + new string('x', 1_100_000) + "\n");

    [Test]
    public async Task Ten_thousand_objects_are_refused() =>
        await RefusedAsync(
            string.Concat(Enumerable.Range(0, 10_000).Select(static i => "---\n" + Good.Replace("good", $"g{i}")))
        );

    [TestCase("null")]
    [TestCase("5")]
    [TestCase("[]")]
    [TestCase("\"a\\u0000b\"")]
    [TestCase("\"\\ud800\"")]
    public async Task A_manifest_is_text(string json) =>
        await _api.RefusesAsync(
            "PUT",
            "/v0/workload-definitions/bad",
            $"{{\"spec\": {{\"yamlDocument\": {json}}}}}",
            400,
            "/spec/yamlDocument"
        );

    private async Task<JsonNode> RefusedAsync(string yaml)
    {
        var spec = new JsonObject { ["yamlDocument"] = yaml };
        var resource = new JsonObject
        {
            ["kind"] = "workload-definition",
            ["name"] = "bad",
            ["spec"] = spec,
        };
        var body = new JsonObject { ["resources"] = new JsonArray(resource.DeepClone()) };
        await _api.RefusesAsync("POST", "/v0/apply", body.ToJsonString(), 400, "/resources/0/spec/yamlDocument");
        return await _api.RefusesAsync(
            "PUT",
            "/v0/workload-definitions/bad",
            resource.ToJsonString(),
            400,
            "/spec/yamlDocument"
        );
    }
}
