using System.Text.Json.Nodes;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Server.BadInput;

/// <summary>Well-formed requests that cannot be done.</summary>
public sealed class BadRequestTests
{
    private Refusing _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await Refusing.StartAsync();

    [Test]
    public async Task A_name_that_is_taken_is_a_conflict()
    {
        var problem = await _api.RefusesAsync("POST", "/v0/samples", """{"name": "bad-user"}""", 409);
        Assert.That((string?)problem["detail"], Does.Contain("bad-user"));
    }

    [Test]
    public async Task What_is_used_is_not_deleted_and_its_users_are_named()
    {
        var problem = await _api.RefusesAsync("DELETE", "/v0/plain-samples/bad-target", null, 409);
        Assert.That(problem["blockers"]!.AsArray().Select(static b => (string)b!), Is.EqualTo(["sample/bad-user"]));
        Assert.That((string?)problem["detail"], Does.Contain("in use by 1 sample: bad-user"));
    }

    [TestCase("{}", "/resources")]
    [TestCase("""{"resources": null}""", "/resources")]
    [TestCase("""{"resources": {}}""", "/resources")]
    [TestCase("""{"resources": []}""", "/resources")]
    [TestCase("""{"resources": [], "more": 1}""", "/resources")]
    [TestCase("""{"resources": [null]}""", "/resources/0")]
    [TestCase("""{"resources": [5]}""", "/resources/0")]
    [TestCase("""{"resources": [{}]}""", "/resources/0/kind")]
    [TestCase("""{"resources": [{"kind": null, "name": "a"}]}""", "/resources/0/kind")]
    [TestCase("""{"resources": [{"kind": "sampel", "name": "a"}]}""", "/resources/0/kind")]
    [TestCase("""{"resources": [{"kind": "sample"}]}""", "/resources/0/name")]
    [TestCase(
        """{"resources": [{"kind": "sample", "name": "a"}, {"kind": "samples", "name": "a"}]}""",
        "/resources/1/name"
    )]
    [TestCase(
        """{"resources": [{"kind": "plain-sample", "name": "a"}, {"kind": "sample", "name": "b", "spec": {"plain": "c"}}]}""",
        "/resources/1/spec/plain"
    )]
    public async Task An_apply_with_a_wrong_resource_stores_none(string body, string pointer) =>
        await _api.RefusesAsync("POST", "/v0/apply", body, 400, pointer);

    [Test]
    public async Task More_than_a_thousand_resources_are_refused()
    {
        var resources = Enumerable
            .Range(0, 1_001)
            .Select(static i => new JsonObject { ["kind"] = "plain-sample", ["name"] = $"many-{i}" });
        var body = new JsonObject { ["resources"] = new JsonArray([.. resources]) };
        await _api.RefusesAsync("POST", "/v0/apply", body.ToJsonString(), 400, "/resources");
    }

    [Test]
    public async Task Ten_thousand_unknown_members_are_refused_in_a_short_answer()
    {
        var members = string.Join(",", Enumerable.Range(0, 10_000).Select(static i => $"\"member-{i}\": 1"));
        var api = await HttpApi.SharedAsync();
        var (status, problem, _) = await api.SendAsync("PUT", "/v0/samples/bad", $"{{{members}}}");
        Assert.That(status, Is.EqualTo(400));
        Assert.That(problem!["errors"]!.AsArray(), Has.Count.EqualTo(20));
    }

    [TestCase("[]", null)]
    [TestCase("{}", null)]
    [TestCase("[null]", "/0/reason")]
    [TestCase("""[{"type": "Normal", "reason": "", "message": "m"}]""", "/0/reason")]
    [TestCase("""[{"type": "Normal", "reason": "R"}]""", "/0/message")]
    [TestCase("""[{"type": 7, "reason": "R", "message": "m"}]""", "/0/type")]
    [TestCase("""[{"type": "Odd", "reason": "R", "message": "m"}]""", "/0/type")]
    [TestCase("""[{"reason": "R", "message": "m", "count": 0}]""", "/0/count")]
    [TestCase("""[{"reason": "R", "message": "m", "count": 1e99}]""", "/0/count")]
    [TestCase("""[{"reason": "R", "message": "m", "lastSeen": "then"}]""", "/0/lastSeen")]
    [TestCase("""[{"reason": "R", "message": "m", "more": 1}]""", "/0/more")]
    [TestCase("""[{"reason": "R", "message": "m\u0000"}]""", "/0/message")]
    [TestCase("""[{"reason": "R", "message": "m", "source": null}]""", "/0/source")]
    public async Task A_wrong_event_is_refused(string body, string? pointer)
    {
        using var controller = await ControllerAsync();
        await _api.RefusesAsync("POST", "/v0/samples/bad-user/events", body, 400, pointer, client: controller);
    }

    [TestCase("begin", "{}", "/owner")]
    [TestCase("begin", """{"owner": null}""", null)]
    [TestCase("begin", """{"owner": 5}""", null)]
    [TestCase("renew", """{"epoch": "1"}""", null)]
    [TestCase("renew", """{"epoch": 1e99}""", null)]
    [TestCase("checkpoint", "{}", "/resource")]
    [TestCase("checkpoint", """{"epoch": 1, "resource": {}}""", "/resource/id")]
    [TestCase("checkpoint", """{"epoch": 1, "resource": {"status": 5}}""", null)]
    [TestCase("end", "{}", "/resource")]
    [TestCase("end", """{"resource": {"id": "ID"}}""", "/outcome")]
    [TestCase("end", """{"resource": {"id": "ID"}, "outcome": {}}""", null)]
    public async Task A_wrong_step_of_a_pass_is_refused(string step, string body, string? pointer)
    {
        using var controller = await ControllerAsync();
        var id = Guid.CreateVersion7();
        body = body.Replace("ID", id.ToString(), StringComparison.Ordinal);
        await _api.RefusesAsync("POST", $"/v0/passes/samples/{id}/{step}", body, 400, pointer, client: controller);
    }

    [Test]
    public async Task A_step_that_no_pass_has_is_a_404()
    {
        using var controller = await ControllerAsync();
        var path = $"/v0/passes/samples/{Guid.CreateVersion7()}/abandon";
        await _api.RefusesAsync("POST", path, "{}", 404, client: controller);
    }

    [TestCase("""{"roles": "admin", "name": "a"}""", "/roles")]
    [TestCase("""{"roles": [], "name": "a"}""", "/roles")]
    [TestCase("""{"roles": [5], "name": "a"}""", "/roles")]
    [TestCase("""{"roles": ["Admin"], "name": "a"}""", "/roles")]
    [TestCase("""{"roles": ["agent:../a"], "name": "agent:../a"}""", "/roles")]
    [TestCase("""{"name": "a"}""", "/roles")]
    [TestCase("""{"roles": ["viewer"]}""", "/name")]
    [TestCase("""{"roles": ["viewer"], "name": ""}""", "/name")]
    [TestCase("""{"roles": ["viewer"], "name": "a\u0000"}""", "/name")]
    [TestCase("""{"roles": ["viewer"], "name": "a", "expires": "never"}""", "/expires")]
    [TestCase("""{"roles": ["viewer"], "name": "a", "expiresIn": "never"}""", "/expiresIn")]
    [TestCase("""{"roles": ["viewer"], "name": "a", "expiresIn": "0d"}""", "/expiresIn")]
    [TestCase("""{"roles": ["viewer"], "name": "a", "expiresIn": "367d"}""", "/expiresIn")]
    [TestCase("""{"roles": ["viewer"], "name": "a", "expiresIn": 5}""", "/expiresIn")]
    public async Task A_wrong_request_for_a_token_is_refused(string body, string pointer) =>
        await _api.RefusesAsync("POST", "/v0/tokens", body, 400, pointer);

    [TestCase("GET", "/v0/samples/x/history?reveal=true", "?reveal")]
    [TestCase("GET", "/v0/tokens?limit=1", "?limit")]
    [TestCase("GET", "/v0/auth?x=1", "?x")]
    public async Task A_query_that_means_nothing_there_is_refused(string method, string path, string pointer) =>
        await _api.RefusesAsync(method, path, null, 400, pointer);

    private static async Task<HttpClient> ControllerAsync() =>
        await (await HttpApi.SharedAsync()).ClientAsync(Caller.Controller("samples"));
}
