using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Threeport.IntegrationTests.Server.BadInput;

public sealed class BadQueryTests
{
    private Refusing _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await Refusing.StartAsync();

    [TestCase("nope=1", "?nope")]
    [TestCase("=1", "?")]
    [TestCase("spec=1", "?spec")]
    [TestCase("spec.siez=1", "?spec.siez")]
    [TestCase("spec.size.more=1", "?spec.size.more")]
    [TestCase("spec.Size=1", "?spec.Size")]
    [TestCase("status.nope=1", "?status.nope")]
    [TestCase("spec.secret=hush", "?spec.secret")]
    [TestCase("sort=spec.secret", "?sort")]
    [TestCase("spec.size=abc", "?spec.size")]
    [TestCase("spec.size=1e400", "?spec.size")]
    [TestCase("spec.size=", "?spec.size")]
    [TestCase("spec.only=maybe", "?spec.only")]
    [TestCase("name=%00", "?name")]
    [TestCase("labels.%00=x", "?labels.\\u0000")]
    [TestCase("labels.x!=%00", "?labels.x!")]
    [TestCase("x'; drop table threeport.outbox; --=1", "?x'; drop table threeport.outbox; --")]
    [TestCase("sort=nope", "?sort")]
    [TestCase("sort=-", "?sort")]
    [TestCase("sort=--name", "?sort")]
    [TestCase("sort=name,status", "?sort")]
    [TestCase("sort=labels.%00", "?sort")]
    [TestCase("sort=name&sort=age", "?sort")]
    [TestCase("limit=0", "?limit")]
    [TestCase("limit=-1", "?limit")]
    [TestCase("limit=501", "?limit")]
    [TestCase("limit=1e2", "?limit")]
    [TestCase("limit=", "?limit")]
    [TestCase("limit=99999999999999999999", "?limit")]
    [TestCase("limit=1&limit=2", "?limit")]
    [TestCase("continue=", "?continue")]
    [TestCase("continue=abc", "?continue")]
    [TestCase("continue=bnVsbA", "?continue")]
    [TestCase("continue=%00", "?continue")]
    [TestCase("reveal=maybe", "?reveal")]
    public async Task A_list_refuses_a_wrong_query(string query, string pointer) =>
        await _api.RefusesAsync("GET", $"/v0/samples?{query}", null, 400, pointer);

    [TestCase("PUT", "/v0/samples/bad?dryRun=maybe", "?dryRun")]
    [TestCase("PUT", "/v0/samples/bad?wait=soon", "?wait")]
    [TestCase("PUT", "/v0/samples/bad?wait=-1s", "?wait")]
    [TestCase("PUT", "/v0/samples/bad?wait=1e9s", "?wait")]
    [TestCase("PUT", "/v0/samples/bad?wait=11m", "?wait")]
    [TestCase("PUT", "/v0/samples/bad?wait=s", "?wait")]
    [TestCase("PUT", "/v0/samples/bad?force=true", "?force")]
    [TestCase("POST", "/v0/samples?limit=5", "?limit")]
    [TestCase("PATCH", "/v0/samples/bad-user?dryrun=true", "?dryrun")]
    [TestCase("DELETE", "/v0/samples/bad-user?cascade=true", "?cascade")]
    [TestCase("POST", "/v0/apply?force", "?force")]
    [TestCase("GET", "/v0/samples/bad-user?wait=1s", "?wait")]
    [TestCase("GET", "/v0/samples/bad-user/history?limit=1", "?limit")]
    [TestCase("GET", "/v0/samples/bad-user/events?limit=1", "?limit")]
    [TestCase("GET", "/v0/kinds?a=b", "?a")]
    [TestCase("GET", "/v0/watch?kinds=sampels", "?kinds")]
    [TestCase("GET", "/v0/watch?kind=samples", "?kind")]
    public async Task An_unknown_or_wrong_parameter_is_named(string method, string path, string pointer) =>
        await _api.RefusesAsync(method, path, method is "GET" or "DELETE" ? null : "{}", 400, pointer);

    [Test]
    public async Task More_filters_than_anyone_needs_are_refused() =>
        await _api.RefusesAsync(
            "GET",
            "/v0/samples?" + string.Join("&", Enumerable.Range(0, 30).Select(static i => $"labels.l{i}=x")),
            null,
            400,
            "?labels.l20"
        );

    [TestCase("spec.size", """{"Query":"Q","Value":"abc","Name":"x"}""")]
    [TestCase("spec.size", """{"Query":"Q","Value":"1","Name":null}""")]
    [TestCase("spec.size", """{"Query":"Q","Value":"1"}""")]
    [TestCase("spec.size", """{"Query":"Q","Value":"1","Name":"\u0000"}""")]
    [TestCase("spec.size", """{"Query":"Q","Value":1,"Name":"x"}""")]
    [TestCase("createdAt", """{"Query":"Q","Value":"today or so","Name":"x"}""")]
    [TestCase("createdAt", """{"Query":"Q","Value":"9999-99-99 00:00:00+00","Name":"x"}""")]
    [TestCase("spec.fixed", """{"Query":"Q","Value":"\u0000","Name":"x"}""")]
    [TestCase("spec.fixed", """{"Query":"Q","Value":null,"Name":"x"}""")]
    public async Task A_token_that_was_made_up_is_refused(string sort, string token)
    {
        var api = await HttpApi.SharedAsync();
        await api.SendAsync("PUT", "/v0/samples/token-1", "{}");
        await api.SendAsync("PUT", "/v0/samples/token-2", "{}");
        var (_, page, _) = await api.SendAsync("GET", $"/v0/samples?sort={sort}&limit=1");
        var real = JsonNode.Parse(Base64Url.DecodeFromChars((string)page!["continue"]!))!;
        var forged = token.Replace("\"Q\"", real["Query"]!.ToJsonString(), StringComparison.Ordinal);
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(forged));
        await _api.RefusesAsync("GET", $"/v0/samples?sort={sort}&limit=1&continue={text}", null, 400, "?continue");
    }

    [Test]
    public async Task A_token_of_another_list_is_refused()
    {
        var api = await HttpApi.SharedAsync();
        await api.SendAsync("PUT", "/v0/samples/other-1", "{}");
        await api.SendAsync("PUT", "/v0/samples/other-2", "{}");
        var (_, page, _) = await api.SendAsync("GET", "/v0/samples?limit=1");
        var token = (string)page!["continue"]!;
        await _api.RefusesAsync("GET", $"/v0/samples?limit=1&sort=-name&continue={token}", null, 400, "?continue");
        await _api.RefusesAsync("GET", $"/v0/samples?limit=1&name=a&continue={token}", null, 400, "?continue");
        await _api.RefusesAsync("GET", $"/v0/plain-samples?limit=1&continue={token}", null, 400, "?continue");
    }

    [TestCase("\"99\"", 412)]
    [TestCase("\"0\"", 412)]
    [TestCase("1", 400)]
    [TestCase("W/\"1\"", 400)]
    [TestCase("\"1\", \"2\"", 400)]
    [TestCase("\"-1\"", 400)]
    [TestCase("\"1e1\"", 400)]
    [TestCase("\"\"", 400)]
    [TestCase("\"", 400)]
    [TestCase("\"99999999999999999999\"", 400)]
    public async Task A_stale_or_malformed_If_Match_is_refused(string ifMatch, int status)
    {
        const string Body = """{"spec": {"size": 9}}""";
        await _api.RefusesAsync("PUT", "/v0/samples/bad-user", Body, status, ifMatch: ifMatch);
        await _api.RefusesAsync("PATCH", "/v0/samples/bad-user", Body, status, ifMatch: ifMatch);
        await _api.RefusesAsync("DELETE", "/v0/samples/bad-user", null, status, ifMatch: ifMatch);
    }

    [TestCase("\"1\"")]
    [TestCase("*")]
    public async Task If_Match_makes_nothing_new(string ifMatch) =>
        await _api.RefusesAsync("PUT", "/v0/samples/bad", "{}", 412, ifMatch: ifMatch);
}
