using Threeport.IntegrationTests.Server;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Access;

/// <summary>Roles and bindings that users make.</summary>
public sealed class RoleTests
{
    private HttpApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await HttpApi.SharedAsync();

    [Test]
    public async Task A_binding_gives_its_users_what_its_role_grants_until_it_goes()
    {
        await PutAsync("roles/sample-editor", """{"rules": [{"verbs": ["read", "update"], "kinds": ["samples"]}]}""");
        await PutAsync("samples/of-eve", "{}");
        using var eve = await _api.ClientAsync(new Caller("eve", "of-nobody"));
        Assert.That(await StatusAsync(eve, "GET", "/v0/samples/of-eve"), Is.EqualTo(403));

        await PutAsync("role-bindings/eve-edits", """{"role": "sample-editor", "users": ["eve"]}""");

        Assert.That(await StatusAsync(eve, "GET", "/v0/samples/of-eve"), Is.EqualTo(200));
        Assert.That(
            await StatusAsync(eve, "PATCH", "/v0/samples/of-eve", """{"spec": {"size": 2}}"""),
            Is.EqualTo(200)
        );
        Assert.That(await StatusAsync(eve, "DELETE", "/v0/samples/of-eve"), Is.EqualTo(403));
        Assert.That(await StatusAsync(eve, "GET", "/v0/plain-samples"), Is.EqualTo(403));

        await _api.SendAsync("DELETE", "/v0/role-bindings/eve-edits");
        Assert.That(await StatusAsync(eve, "GET", "/v0/samples/of-eve"), Is.EqualTo(403));
    }

    [Test]
    public async Task Whoever_makes_roles_gives_nobody_more_than_he_has()
    {
        await PutAsync(
            "roles/half-admin",
            """{"rules": [{"verbs": ["read", "create", "update"], "kinds": ["roles", "role-bindings", "samples"]}]}"""
        );
        await PutAsync("role-bindings/mallory", """{"role": "half-admin", "users": ["mallory"]}""");
        using var mallory = await _api.ClientAsync(new Caller("mallory", "of-nobody"));

        const string own = """{"spec": {"rules": [{"verbs": ["read"], "kinds": ["samples"]}]}}""";
        const string more = """{"spec": {"rules": [{"verbs": ["delete"], "kinds": ["samples"]}]}}""";
        Assert.That(await StatusAsync(mallory, "PUT", "/v0/roles/own", own), Is.EqualTo(200).Or.EqualTo(201));
        Assert.That(await StatusAsync(mallory, "PUT", "/v0/roles/more", more), Is.EqualTo(403));
        Assert.That(
            await StatusAsync(mallory, "PUT", "/v0/roles/all", more.Replace("samples", "*", StringComparison.Ordinal)),
            Is.EqualTo(403)
        );
        const string binding = """{"spec": {"role": "admin", "users": ["mallory"]}}""";
        Assert.That(await StatusAsync(mallory, "PUT", "/v0/role-bindings/up", binding), Is.EqualTo(403));
        Assert.That(
            await StatusAsync(mallory, "POST", "/v0/tokens", """{"name": "m", "roles": ["viewer"]}"""),
            Is.EqualTo(403)
        );
    }

    [Test]
    public async Task An_agent_stays_within_its_runtime_whatever_it_is_given()
    {
        await PutAsync("role-bindings/agents-view", """{"role": "admin", "users": ["agent:tricky"]}""");
        using var agent = await _api.ClientAsync(Caller.Agent("tricky"));
        const string elsewhere = """{"spec": {"kubernetesRuntimeInstance": "other"}}""";
        Assert.That(
            await StatusAsync(agent, "PUT", "/v0/kubernetes-runtime-observations/other", elsewhere),
            Is.EqualTo(403)
        );
    }

    [Test]
    public async Task A_role_and_its_binding_are_applied_together_and_the_role_stays_while_it_is_given()
    {
        const string both = """
            {"resources": [
                {"kind": "role-binding", "name": "both", "spec": {"role": "both", "users": ["heidi"]}},
                {"kind": "role", "name": "both", "spec": {"rules": [{"verbs": ["read"], "kinds": ["samples"]}]}}
            ]}
            """;
        Assert.That((await _api.SendAsync("POST", "/v0/apply", both)).Status, Is.EqualTo(200));
        Assert.That((await _api.SendAsync("DELETE", "/v0/roles/both")).Status, Is.EqualTo(409));
    }

    [TestCase("nonsense")]
    [TestCase("controller:nonsense")]
    public async Task A_credential_of_a_role_that_there_is_not_is_refused(string role)
    {
        var body = $$"""{"name": "a", "roles": ["{{role}}"]}""";
        var (status, problem, _) = await _api.SendAsync("POST", "/v0/tokens", body);
        Assert.That((status, (string?)problem!["errors"]![0]!["pointer"]), Is.EqualTo((400, "/roles")));
    }

    [Test]
    public async Task What_the_control_plane_itself_may_is_given_to_nobody()
    {
        const string binding = """{"spec": {"role": "system", "users": ["tester"]}}""";
        const string token = """{"name": "tester", "roles": ["system"]}""";
        Assert.That((await _api.SendAsync("PUT", "/v0/role-bindings/up", binding)).Status, Is.EqualTo(403));
        Assert.That((await _api.SendAsync("POST", "/v0/tokens", token)).Status, Is.EqualTo(403));
    }

    [TestCase("roles/bad", """{"rules": []}""", "/spec/rules")]
    [TestCase("roles/bad", """{"rules": [{"verbs": ["fly"], "kinds": ["samples"]}]}""", "/spec/rules/0/verbs/0")]
    [TestCase("roles/bad", """{"rules": [{"verbs": ["read"], "kinds": ["sample"]}]}""", "/spec/rules/0/kinds/0")]
    [TestCase("roles/admin", """{"rules": [{"verbs": ["read"], "kinds": ["samples"]}]}""", "/name")]
    [TestCase("role-bindings/bad", """{"role": "nobody", "users": ["a"]}""", "/spec/role")]
    [TestCase("role-bindings/bad", """{"role": "agent:local", "users": ["a"]}""", "/spec/role")]
    [TestCase("role-bindings/bad", """{"role": "viewer"}""", "/spec/users")]
    [TestCase("role-bindings/bad", """{"role": "viewer", "users": [""]}""", "/spec/users/0")]
    public async Task What_makes_no_sense_is_refused(string path, string spec, string pointer)
    {
        var (status, body, _) = await _api.SendAsync("PUT", $"/v0/{path}", $$"""{"spec": {{spec}}}""");
        Assert.That(
            (status, body!["errors"]!.AsArray().Select(static e => (string?)e!["pointer"])),
            Is.EqualTo((400, new[] { pointer }))
        );
    }

    [Test]
    public async Task A_token_tells_who_it_is_of_and_what_he_may_do()
    {
        var (_, issued, _) = await _api.SendAsync(
            "POST",
            "/v0/tokens",
            """{"name": "ci", "roles": ["developer"], "expiresIn": "1h"}"""
        );
        using var ci = await _api.ClientAsync(null);
        ci.DefaultRequestHeaders.Authorization = new("Bearer", (string?)issued!["token"]);
        var (_, me, _) = await _api.SendAsync("GET", "/v0/auth", client: ci);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)me!["name"], Is.EqualTo("ci"));
            Assert.That(me["roles"]!.ToJsonString(), Is.EqualTo("""["developer"]"""));
            Assert.That((string?)me["means"], Is.EqualTo("token"));
            Assert.That(
                me["rights"]!["workload-instances"]!.ToJsonString(),
                Is.EqualTo("""["read","create","update","delete"]""")
            );
            Assert.That(me["rights"]!["workload-definitions"]!.ToJsonString(), Is.EqualTo("""["read"]"""));
        }

        var (_, listed, _) = await _api.SendAsync("GET", "/v0/tokens");
        Assert.That(listed!.ToJsonString(), Does.Contain("\"ci\"").And.Not.Contain((string)issued["token"]!));
    }

    private async Task PutAsync(string path, string spec)
    {
        var (status, body, _) = await _api.SendAsync("PUT", $"/v0/{path}", $$"""{"spec": {{spec}}}""");
        Assert.That(status, Is.EqualTo(200).Or.EqualTo(201), body?.ToJsonString());
    }

    private async Task<int> StatusAsync(HttpClient client, string method, string path, string? body = null)
    {
        var type = method == "PATCH" ? "application/merge-patch+json" : "application/json";
        return (await _api.SendAsync(method, path, body, type, client: client)).Status;
    }
}
