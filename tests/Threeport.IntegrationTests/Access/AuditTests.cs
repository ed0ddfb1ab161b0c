using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.IntegrationTests.Server;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Access;

/// <summary>Who did what: read from the history and from what was denied, as one list.</summary>
public sealed class AuditTests
{
    private HttpApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await HttpApi.SharedAsync();

    [Test]
    public async Task What_was_done_and_what_was_denied_is_told_newest_first_page_by_page()
    {
        using var frank = await _api.ClientAsync(new Caller("frank", "operator"));
        await _api.SendAsync("PUT", "/v0/samples/of-frank", """{"spec": {"size": 1}}""", client: frank);
        await _api.SendAsync("PUT", "/v0/samples/of-frank", """{"spec": {"size": 2}}""", client: frank);
        await _api.SendAsync("DELETE", "/v0/tokens/0000", client: frank);

        var entries = await Eventually.ValueAsync(
            "what was denied is there",
            async () => await ReadAsync("actor=frank") is { Count: 3 } all ? all : null
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                entries.Select(static e => ((string?)e["verb"], (string?)e["target"], (bool?)e["allowed"])),
                Is.EqualTo(
                    new (string?, string?, bool?)[]
                    {
                        ("DELETE", "/v0/tokens/0000", false),
                        ("put", "samples", true),
                        ("create", "samples", true),
                    }
                )
            );
            Assert.That(
                ((long?)entries[1]["oldRevision"], (long?)entries[1]["newRevision"], (string?)entries[1]["name"]),
                Is.EqualTo(((long?)1, (long?)2, "of-frank"))
            );
            Assert.That((string?)entries[0]["detail"], Does.Contain("frank").And.Contain("credentials"));
            Assert.That(entries.Select(static e => (string?)e["from"]), Is.All.EqualTo("127.0.0.1"));
            Assert.That(await ReadAsync("actor=frank&allowed=false"), Has.Count.EqualTo(1));
            Assert.That(await ReadAsync("actor=frank&allowed=true&name=of-frank"), Has.Count.EqualTo(2));
            Assert.That(await ReadAsync("actor=frank&since=2999-01-01T00:00:00Z"), Is.Empty);
            Assert.That(await ReadAsync("actor=frank&until=2020-01-01T00:00:00Z"), Is.Empty);
        }

        var (_, first, _) = await _api.SendAsync("GET", "/v0/audit?actor=frank&limit=2");
        var rest = await ReadAsync($"actor=frank&limit=2&continue={first!["continue"]}");
        Assert.That(rest.Select(static e => (string?)e["verb"]), Is.EqualTo(new[] { "create" }));
    }

    [Test]
    public async Task What_is_given_and_taken_back_is_told_without_the_secret()
    {
        const string request = """{"name": "grace", "roles": ["viewer"], "expiresIn": "1h"}""";
        var (_, issued, _) = await _api.SendAsync("POST", "/v0/tokens", request);
        var token = (string)issued!["token"]!;
        await _api.SendAsync("DELETE", $"/v0/tokens/{token.Split('_')[1]}");

        var told = await ReadAsync("target=tokens&limit=500");
        Assert.That(
            told.Where(static e => $"{e["name"]} {e["detail"]}".Contains("grace", StringComparison.Ordinal))
                .Select(static e => (string?)e["verb"]),
            Is.EqualTo(new[] { "revoke", "issue" })
        );
        Assert.That(new JsonArray([.. told]).ToJsonString(), Does.Not.Contain(token.Split('_', 3)[2]));
    }

    [Test]
    public async Task A_path_that_is_cut_in_the_middle_of_a_character_is_noted_and_harms_nothing()
    {
        using var olga = await _api.ClientAsync(new Caller("olga", "of-nobody"));
        var path = "/v0/samples/" + new string('x', 487) + string.Concat(Enumerable.Repeat("%F0%9F%90%99", 5));
        await _api.SendAsync("GET", path, client: olga);
        await Eventually.TrueAsync("it is noted", async () => (await ReadAsync("actor=olga")).Count == 1);
    }

    [TestCase("since=yesterday", "?since")]
    [TestCase("continue=1", "?continue")]
    [TestCase("limit=0", "?limit")]
    [TestCase("allowed=maybe", "?allowed")]
    [TestCase("who=me", "?who")]
    public async Task A_wrong_question_is_refused(string query, string pointer)
    {
        var (status, problem, _) = await _api.SendAsync("GET", $"/v0/audit?{query}");
        Assert.That((status, (string?)problem!["errors"]![0]!["pointer"]), Is.EqualTo((400, pointer)));
    }

    private async Task<List<JsonNode>> ReadAsync(string query)
    {
        var (status, body, _) = await _api.SendAsync("GET", $"/v0/audit?{query}");
        Assert.That(status, Is.EqualTo(200), body?.ToJsonString());
        return [.. body!["items"]!.AsArray().Select(static e => e!.DeepClone())];
    }
}
