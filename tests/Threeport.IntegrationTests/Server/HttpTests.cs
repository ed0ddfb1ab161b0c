using System.Text.Json.Nodes;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Server;

public sealed class HttpTests
{
    private HttpApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await HttpApi.SharedAsync();

    [Test]
    public async Task A_resource_is_put_read_changed_and_deleted()
    {
        var (created, first, response) = await _api.SendAsync(
            "PUT",
            "/v0/samples/life",
            """{"spec": {"size": 1, "secret": "s"}}"""
        );
        Assert.That(created, Is.EqualTo(201), first?.ToJsonString());
        Assert.That(response.Headers.ETag!.Tag, Is.EqualTo("\"1\""));
        Assert.That(first!.AsObject().Select(static m => m.Key).First(), Is.EqualTo("kind"));
        Assert.That((string?)first["spec"]!["secret"], Is.EqualTo("***"));

        var (again, same, _) = await _api.SendAsync("PUT", "/v0/samples/life", first.ToJsonString());
        Assert.That((again, (long)same!["revision"]!), Is.EqualTo((200, 1)), "what was read can be sent back");

        var (patched, changed, _) = await _api.SendAsync(
            "PATCH",
            "/v0/samples/life",
            """{"spec": {"size": 2}}""",
            "application/merge-patch+json",
            "\"1\""
        );
        Assert.That((patched, (int)changed!["spec"]!["size"]!, (long)changed["generation"]!), Is.EqualTo((200, 2, 2)));

        var (deleted, going, _) = await _api.SendAsync("DELETE", "/v0/samples/life");
        Assert.That((deleted, going!["deletionRequestedAt"] is not null), Is.EqualTo((202, true)));
    }

    [Test]
    public async Task It_tells_which_version_it_is_and_which_prepared_the_database()
    {
        var (status, body, _) = await _api.SendAsync("GET", "/v0/version");
        Assert.That(status, Is.EqualTo(200));
        Assert.That((string?)body!["version"], Does.Match(@"^\d+\.\d+\.\d+"));
        Assert.That((string?)body["database"], Is.EqualTo((string?)body["version"]));
    }

    [Test]
    public async Task A_list_filters_sorts_and_pages()
    {
        for (var i = 0; i < 7; i++)
        {
            await _api.SendAsync(
                "PUT",
                $"/v0/plain-samples/page-{i}",
                $$$"""{"labels": {"set": "page"}, "spec": {"text": "t{{{i % 2}}}"}}"""
            );
        }

        var names = new List<string>();
        var next = "";
        do
        {
            var (status, page, _) = await _api.SendAsync(
                "GET",
                $"/v0/plain-samples?labels.set=page&sort=-spec.text&limit=3{next}"
            );
            Assert.That(status, Is.EqualTo(200), page?.ToJsonString());
            names.AddRange(page!["items"]!.AsArray().Select(static i => (string)i!["name"]!));
            next = (string?)page["continue"] is { } token ? $"&continue={token}" : null;
        } while (next is not null);

        Assert.That(names, Is.EqualTo(["page-5", "page-3", "page-1", "page-6", "page-4", "page-2", "page-0"]));
        var (_, filtered, _) = await _api.SendAsync(
            "GET",
            "/v0/plain-samples?labels.set=page&spec.text!=t0&status=Ready"
        );
        Assert.That(filtered!["items"]!.AsArray(), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Many_are_applied_at_once()
    {
        var (status, body, _) = await _api.SendAsync(
            "POST",
            "/v0/apply",
            """{"resources": [{"kind": "sample", "name": "app-1", "spec": {"plain": "app-2"}}, {"kind": "plain-sample", "name": "app-2"}]}"""
        );
        Assert.That(status, Is.EqualTo(200), body?.ToJsonString());
        Assert.That(
            body!["results"]!.AsArray().Select(static r => $"{r!["action"]} {r["resource"]!["name"]}"),
            Is.EqualTo(["created app-1", "created app-2"])
        );
        var (_, history, _) = await _api.SendAsync("GET", "/v0/samples/app-1/history");
        Assert.That((string?)history!["items"]![0]!["actor"], Is.EqualTo("tester"));
    }

    [Test]
    public async Task A_watch_tells_what_there_is_and_then_what_changes_and_resumes_without_a_gap()
    {
        await _api.SendAsync("PUT", "/v0/plain-samples/watched", "{}");
        await using var first = await SseReader.OpenAsync(_api.Admin, "/v0/watch?kinds=plain-samples", null);
        var initial = await first.UntilAsync(static e => e.Name == "synced");
        Assert.That(initial.Any(static e => e.Data.Contains("\"watched\"")), Is.True);
        await _api.SendAsync("PUT", "/v0/plain-samples/watched", """{"spec": {"text": "new"}}""");
        // What was there already may be told once more: its publishing may come after the reading.
        var change = (await first.UntilAsync(static e => e.Name == "put" && TextOf(e) is "new"))[^1];
        await first.DisposeAsync();

        await _api.SendAsync("PUT", "/v0/plain-samples/watched-2", "{}");
        await _api.SendAsync("DELETE", "/v0/plain-samples/watched");
        await using var second = await SseReader.OpenAsync(_api.Admin, "/v0/watch?kinds=plain-samples", change.Id);
        var missed = await second.UntilAsync(static e => e.Name is "deleted" or "reset");
        // A change that is published only now comes after the catching up.
        Assert.That(missed.Select(static e => e.Name).Where(static n => n != "synced"), Is.EqualTo(["put", "deleted"]));
    }

    [Test]
    public async Task Discovery_and_OpenAPI_know_every_kind()
    {
        var (_, kinds, response) = await _api.SendAsync("GET", "/v0/kinds");
        var sample = kinds!.AsArray().Single(static k => (string?)k!["plural"] == "samples")!;
        Assert.That(
            (string?)sample["schema"]!["properties"]!["spec"]!["properties"]!["plain"]!["x-threeport-reference"],
            Is.EqualTo("plain-samples")
        );
        Assert.That(
            sample["columns"]!.AsArray().Select(static c => (string?)c!["header"]),
            Is.EqualTo(["NAME", "STATUS", "AGE", "MESSAGE"])
        );
        Assert.That(response.Headers.ETag, Is.Not.Null);
        var (status, document, _) = await _api.SendAsync("GET", "/openapi/v0.json");
        Assert.That((status, document!["paths"]!["/v0/samples/{name}"]!["put"] is not null), Is.EqualTo((200, true)));
    }

    [Test]
    public async Task Readiness_names_what_it_depends_on()
    {
        var (status, body, _) = await _api.SendAsync("GET", "/readyz");
        Assert.That(
            (status, body!["checks"]!.ToJsonString()),
            Is.EqualTo((200, """{"database":"ok","broker":"ok","relay":"ok"}"""))
        );
    }

    [Test]
    public async Task Who_is_not_known_gets_nowhere_and_an_agent_no_further_than_its_reports()
    {
        using var nobody = await _api.ClientAsync(null);
        using var agent = await _api.ClientAsync(Caller.Agent("local"));
        using var viewer = await _api.ClientAsync(new("someone", "viewer"));
        Assert.That((int)(await nobody.GetAsync("/v0/samples")).StatusCode, Is.EqualTo(401));
        Assert.That((int)(await agent.GetAsync("/v0/samples")).StatusCode, Is.EqualTo(403));
        Assert.That((int)(await viewer.GetAsync("/v0/samples")).StatusCode, Is.EqualTo(200));
        Assert.That((int)(await viewer.DeleteAsync("/v0/samples/x")).StatusCode, Is.EqualTo(403));
        Assert.That((int)(await nobody.GetAsync("/healthz")).StatusCode, Is.EqualTo(200));
    }

    private static string? TextOf(SseEvent put) => (string?)JsonNode.Parse(put.Data)!["spec"]!["text"];
}
