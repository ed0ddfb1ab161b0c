namespace Threeport.IntegrationTests.Server.BadInput;

public sealed class BadBodyTests
{
    private static readonly string Deep =
        string.Concat(Enumerable.Repeat("""{"a":""", 200)) + "1" + new string('}', 200);
    private static readonly string DeepList = new string('[', 100_000);
    private static readonly string Long = new('x', 100_000);
    private Refusing _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await Refusing.StartAsync();

    [Test]
    public async Task What_is_no_JSON_object_is_refused(
        [Values(
            "PUT /v0/samples/bad",
            "POST /v0/samples",
            "PATCH /v0/samples/bad-user",
            "POST /v0/apply",
            "POST /v0/tokens",
            "POST /v0/samples/bad-user/events"
        )]
            string endpoint,
        [ValueSource(nameof(NoObjects))] string body
    )
    {
        var (method, path) = Endpoint(endpoint);
        await _api.RefusesAsync(method, path, body, 400);
    }

    private static IEnumerable<string> NoObjects() =>
        [
            "",
            "{",
            "}",
            "nonsense",
            "null",
            "5",
            "\"text\"",
            "[]",
            "{} {}",
            "{}x",
            "{\"spec\": }",
            "{'spec': {}}",
            "{\"spec\": {},}",
            "{/* a comment */}",
            "{\"spec\": {\"size\": NaN}}",
            "{\"spec\": {\"size\": 01}}",
            "{\"spec\": {}, \"spec\": {}}",
            "{\"spec\": {\"size\": 1, \"size\": 2}}",
            "{\"\\ud800\": 1}",
            "{\"spec\": \"\u0001\"}",
            "{\"a\": \"\\x\"}",
            Deep,
            DeepList,
        ];

    [TestCaseSource(nameof(WrongFields))]
    public async Task A_wrong_field_is_named_by_PUT(string pointer, string body) =>
        await _api.RefusesAsync("PUT", "/v0/samples/bad", body, 400, pointer);

    [TestCaseSource(nameof(WrongFields))]
    public async Task A_wrong_field_is_named_by_POST(string pointer, string body)
    {
        var named = pointer == "/name" ? body : $"{{\"name\": \"bad\", {body[1..]}";
        await _api.RefusesAsync("POST", "/v0/samples", named, 400, pointer);
    }

    [TestCaseSource(nameof(WrongFields))]
    public async Task A_wrong_field_is_named_by_apply(string pointer, string body)
    {
        var members =
            (pointer == "/kind" ? "" : "\"kind\": \"sample\", ") + (pointer == "/name" ? "" : "\"name\": \"bad\", ");
        await _api.RefusesAsync(
            "POST",
            "/v0/apply",
            $"{{\"resources\": [{{\"kind\": \"plain-sample\", \"name\": \"good\"}}, {{{members}{body[1..]}]}}",
            400,
            // What cannot be stored is found before it is known what the body means; the place is the same.
            $"/resources/1{pointer}"
        );
    }

    [TestCaseSource(nameof(WrongFields))]
    public async Task A_wrong_field_is_named_by_PATCH(string pointer, string body)
    {
        if (body.Contains("null", StringComparison.Ordinal))
        {
            // There, null takes the field away.
            body = body.Replace("null", "[null]", StringComparison.Ordinal);
        }

        await _api.RefusesAsync("PATCH", "/v0/samples/bad-user", body, 400, pointer, "application/merge-patch+json");
    }

    private static IEnumerable<TestCaseData> WrongFields() =>
        new (string Pointer, string Body)[]
        {
            ("/spec", """{"spec": []}"""),
            ("/spec", """{"spec": "text"}"""),
            ("/spec", """{"spec": 5}"""),
            ("/spec", """{"spec": true}"""),
            ("/spec/size", """{"spec": {"size": "1"}}"""),
            ("/spec/size", """{"spec": {"size": 1.5}}"""),
            ("/spec/size", """{"spec": {"size": 1e400}}"""),
            ("/spec/size", """{"spec": {"size": -1e400}}"""),
            ("/spec/size", """{"spec": {"size": 99999999999999999999}}"""),
            ("/spec/size", """{"spec": {"size": null}}"""),
            ("/spec/size", """{"spec": {"size": [1]}}"""),
            ("/spec/only", """{"spec": {"only": "true"}}"""),
            ("/spec/only", """{"spec": {"only": 1}}"""),
            ("/spec/fixed", """{"spec": {"fixed": null}}"""),
            ("/spec/fixed", """{"spec": {"fixed": {}}}"""),
            ("/spec/fixed", """{"spec": {"fixed": 7}}"""),
            ("/spec/fixed", """{"spec": {"fixed": "a\u0000b"}}"""),
            ("/spec/fixed", """{"spec": {"fixed": "\ud800"}}"""),
            ("/spec/fixed", """{"spec": {"fixed": "\udc00\ud800"}}"""),
            ("/spec/plain", """{"spec": {"plain": 7}}"""),
            ("/spec/plain", """{"spec": {"plain": "nothing"}}"""),
            ("/spec/plain", """{"spec": {"plain": "a\"b named c"}}"""),
            ("/spec/plain", $$$"""{"spec": {"plain": "{{{Long}}}"}}"""),
            ("/spec/secret", """{"spec": {"secret": "***"}}"""),
            ("/spec/secret", """{"spec": {"secret": ["***"]}}"""),
            ("/spec/siez", """{"spec": {"siez": 1}}"""),
            ("/spec/Size", """{"spec": {"Size": 1}}"""),
            ("/spec/a~1b", """{"spec": {"a/b": 1}}"""),
            ("/spec/a.b", """{"spec": {"a.b": 1}}"""),
            ("/spec/a\\u0000", """{"spec": {"a\u0000": 1}}"""),
            ($"/spec/{Long[..100]}…", $$$"""{"spec": {"{{{Long}}}": 1}}"""),
            ("/sepc", """{"sepc": {}}"""),
            ($"/{Long[..100]}…", $$$"""{"{{{Long}}}": {}}"""),
            ("/labels", """{"labels": 5}"""),
            ("/labels", """{"labels": []}"""),
            ("/labels/a", """{"labels": {"a": 5}}"""),
            ("/labels/a", """{"labels": {"a": null}}"""),
            ("/labels/a", """{"labels": {"a": {"b": "c"}}}"""),
            ("/labels/a", """{"labels": {"a": "b c"}}"""),
            ("/labels/a", """{"labels": {"a": "b\u0000"}}"""),
            ("/labels/a", $$$"""{"labels": {"a": "{{{Long}}}"}}"""),
            ("/labels/!", """{"labels": {"!": "x"}}"""),
            ("/labels/", """{"labels": {"": "x"}}"""),
            ($"/labels/{Long[..100]}…", $$$"""{"labels": {"{{{Long}}}": "x"}}"""),
            ("/name", """{"name": 5}"""),
            ("/name", """{"name": {}}"""),
            ("/kind", """{"kind": 5}"""),
            ("/kind", """{"kind": "simple"}"""),
        }.Select(static (c, i) => new TestCaseData(c.Pointer, c.Body).SetArgDisplayNames(Short($"{i} {c.Body}")));

    [Test]
    public async Task What_was_probably_meant_is_said()
    {
        var member = await _api.RefusesAsync("PUT", "/v0/samples/bad", """{"sepc": {}}""", 400, "/sepc");
        Assert.That(Refusing.DetailsOf(member), Does.Contain("Did you mean \"spec\"?"));
        var field = await _api.RefusesAsync("PUT", "/v0/samples/bad", """{"spec": {"siez": 1}}""", 400, "/spec/siez");
        Assert.That(Refusing.DetailsOf(field), Does.Contain("Did you mean \"size\"?"));
        var name = await _api.RefusesAsync(
            "PUT",
            "/v0/samples/bad",
            """{"spec": {"plain": "bad-tarket"}}""",
            400,
            "/spec/plain"
        );
        Assert.That(Refusing.DetailsOf(name), Does.Contain("Did you mean \"bad-target\"?"));
    }

    [TestCase("PUT /v0/samples/bad", 2)]
    [TestCase("PATCH /v0/samples/bad-user", 2)]
    [TestCase("POST /v0/samples", 2)]
    [TestCase("POST /v0/samples/bad-user/events", 2)]
    [TestCase("POST /v0/tokens", 2)]
    [TestCase("POST /v0/apply", 16)]
    public async Task A_body_that_is_too_large_is_refused(string endpoint, int mebibytes)
    {
        var (method, path) = Endpoint(endpoint);
        var body = $"{{\"name\": \"bad\", \"spec\": {{\"fixed\": \"{new string('x', mebibytes * 1024 * 1024)}\"}}}}";
        await _api.RefusesAsync(method, path, body, 413);
    }

    [TestCase("PUT /v0/samples/bad", "text/plain")]
    [TestCase("PUT /v0/samples/bad", "")]
    [TestCase("PUT /v0/samples/bad", "application/yaml")]
    [TestCase("PUT /v0/samples/bad", "application/merge-patch+json")]
    [TestCase("PATCH /v0/samples/bad-user", "application/json-patch+json")]
    [TestCase("POST /v0/samples", "application/x-www-form-urlencoded")]
    [TestCase("POST /v0/apply", "multipart/form-data")]
    [TestCase("POST /v0/samples/bad-user/events", "text/json")]
    public async Task Another_media_type_is_refused(string endpoint, string mediaType)
    {
        var (method, path) = Endpoint(endpoint);
        await _api.RefusesAsync(method, path, "{}", 415, null, mediaType);
    }

    private static (string Method, string Path) Endpoint(string text) => (text.Split(' ')[0], text.Split(' ')[1]);

    private static string Short(string text) => text.Length > 60 ? text[..60] : text;
}
