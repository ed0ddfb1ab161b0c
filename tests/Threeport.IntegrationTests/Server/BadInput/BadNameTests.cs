using System.Text.Json;

namespace Threeport.IntegrationTests.Server.BadInput;

public sealed class BadNameTests
{
    private Refusing _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await Refusing.StartAsync();

    [TestCaseSource(nameof(Names))]
    public async Task A_name_that_is_no_DNS_label_is_refused_by_POST(string name) =>
        await _api.RefusesAsync("POST", "/v0/samples", $"{{\"name\": {JsonSerializer.Serialize(name)}}}", 400, "/name");

    [TestCaseSource(nameof(Names))]
    public async Task A_name_that_is_no_DNS_label_is_refused_by_apply(string name) =>
        await _api.RefusesAsync(
            "POST",
            "/v0/apply",
            $"{{\"resources\": [{{\"kind\": \"sample\", \"name\": {JsonSerializer.Serialize(name)}}}]}}",
            400,
            "/resources/0/name"
        );

    [TestCaseSource(nameof(Names))]
    public async Task A_name_that_is_no_DNS_label_is_refused_by_PUT(string name)
    {
        if (name.Length is > 0 and < 10_000 && !name.Contains('/') && !name.Contains('\0') && name.Trim('.').Length > 0)
        {
            await _api.RefusesAsync("PUT", $"/v0/samples/{Uri.EscapeDataString(name)}", "{}", 400, "/name");
        }
        else
        {
            // The server itself, or its routes, know no such path.
            var (status, _) = await _api.SendRawAsync("PUT", $"/v0/samples/{Uri.EscapeDataString(name)}", "{}");
            Assert.That(status, Is.InRange(400, 499));
        }
    }

    private static IEnumerable<TestCaseData> Names() =>
        new[]
        {
            "",
            " ",
            ".",
            "..",
            "../../etc/passwd",
            "a/b",
            "a\\b",
            "Upper",
            "-a",
            "a-",
            "a.b",
            "a_b",
            "a b",
            "ä",
            "a\n",
            "a\0b",
            "a%2fb",
            "*",
            "a'; drop table threeport.outbox; --",
            "{{name}}",
            "<script>",
            new('a', 64),
            new('a', 100_000),
        }.Select(static (n, i) => new TestCaseData(n).SetArgDisplayNames($"{i} {n[..Math.Min(n.Length, 30)]}"));

    [TestCase("/v0/samples/..%2f..%2fetc%2fpasswd")]
    [TestCase("/v0/samples/%2e%2e/%2e%2e/etc/passwd")]
    [TestCase("/v0/samples/%2e%2e%2fplain-samples%2fbad-target")]
    [TestCase("/v0/samples/../../../etc/passwd")]
    [TestCase("/v0/samples/a%2fb")]
    [TestCase("/v0/samples/a%5cb")]
    [TestCase("/v0/samples/a%252fb")]
    [TestCase("/v0/samples/..;/x")]
    [TestCase("/v0//samples//x")]
    [TestCase("//etc/passwd")]
    [TestCase("/v0/samples/%ff%fe")]
    [TestCase("/v0/samples/%ed%a0%80")]
    [TestCase("/v0/samples/%c0%af")]
    [TestCase("/v0/samples/%zz")]
    [TestCase("/v0/samples/%")]
    [TestCase("/v0/samples/bad-user/../../x")]
    [TestCase("/v0/samples/bad-user/history/..%2f..")]
    public async Task A_path_that_plays_tricks_leads_nowhere(string target)
    {
        foreach (var method in new[] { "GET", "PUT", "PATCH", "DELETE" })
        {
            var (status, isProblem) = await _api.SendRawAsync(method, target, "{}");
            Assert.That((status, isProblem), Is.AnyOf((400, true), (404, true), (405, true)), method);
        }
    }

    [TestCase("/v0/samples/a%00b")]
    [TestCase("/v0/samples/\u0001")]
    [TestCase("v0/samples")]
    public async Task A_request_that_the_server_itself_refuses_stores_nothing(string target)
    {
        var (status, _) = await _api.SendRawAsync("PUT", target, "{}");
        Assert.That(status, Is.InRange(400, 499));
    }

    [TestCase("GET /v0/samples/none", 404)]
    [TestCase("GET /v0/samples/none/history", 404)]
    [TestCase("GET /v0/samples/none/events", 404)]
    [TestCase("DELETE /v0/samples/none", 404)]
    [TestCase("GET /nowhere", 404)]
    [TestCase("GET /v0/nowhere", 404)]
    [TestCase("GET /v0/samples/bad-user/nowhere", 404)]
    [TestCase("POST /v0/passes/samples/no-guid/begin", 404)]
    [TestCase("PUT /v0/samples", 405)]
    [TestCase("DELETE /v0/samples", 405)]
    [TestCase("POST /v0/samples/bad-user", 405)]
    [TestCase("GET /v0/apply", 405)]
    [TestCase("DELETE /v0/kinds", 405)]
    [TestCase("DELETE /healthz", 405)]
    [TestCase("BREW /v0/samples/bad-user", 405)]
    public async Task What_is_not_there_is_said_to_be_not_there(string request, int status) =>
        await _api.RefusesAsync(request.Split(' ')[0], request.Split(' ')[1], null, status);

    [Test]
    public async Task A_patch_of_nothing_is_a_404() => await _api.RefusesAsync("PATCH", "/v0/samples/none", "{}", 404);

    [Test]
    public async Task A_mistyped_kind_is_answered_with_what_was_meant()
    {
        var problem = await _api.RefusesAsync("GET", "/v0/sampels", null, 404);
        Assert.That((string?)problem["detail"], Does.Contain("/v0/samples"));
    }

    [Test]
    public async Task Which_methods_there_are_is_said_where_one_is_not()
    {
        var api = await HttpApi.SharedAsync();
        var (status, _, response) = await api.SendAsync("DELETE", "/v0/samples");
        Assert.That(status, Is.EqualTo(405));
        Assert.That(response.Content.Headers.Allow, Is.EquivalentTo(["GET", "POST"]));
    }
}
