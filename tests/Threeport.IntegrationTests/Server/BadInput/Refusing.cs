using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Api;
using Threeport.Server.Storage;

namespace Threeport.IntegrationTests.Server.BadInput;

/// <summary>Sends what must be refused, and holds that it is: a 4xx, a problem document, nothing logged as an error, nothing stored.</summary>
internal sealed class Refusing(HttpApi api)
{
    /// <summary>What the cases refer to: a plain sample that a sample uses, and a definition.</summary>
    public static async Task<Refusing> StartAsync()
    {
        var api = await HttpApi.SharedAsync();
        await api.SendAsync("PUT", "/v0/plain-samples/bad-target", "{}");
        await api.SendAsync("PUT", "/v0/samples/bad-user", """{"spec": {"plain": "bad-target"}}""");
        return new(api);
    }

    /// <param name="method">Of the request.</param>
    /// <param name="path">With the query.</param>
    /// <param name="body">None when null.</param>
    /// <param name="status">Expected.</param>
    /// <param name="pointer">The field that must be named; null when the request as a whole is wrong, and is said to be in words.</param>
    public async Task<JsonNode> RefusesAsync(
        string method,
        string path,
        string? body,
        int status,
        string? pointer = null,
        string contentType = "application/json",
        string? ifMatch = null,
        HttpClient? client = null
    )
    {
        var (stored, logged) = (await StoredAsync(), api.Errors.Count);
        var (answered, problem, response) = await api.SendAsync(method, path, body, contentType, ifMatch, client);
        var text = problem?.ToJsonString() ?? "(no JSON)";
        Assert.That(answered, Is.EqualTo(status), text);
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo(Problem.MediaType), text);
        Assert.That((int)problem!["status"]!, Is.EqualTo(status));
        Assert.That(text, Has.Length.LessThan(4_000), "an error is for people");
        if (pointer is null)
        {
            Assert.That((string?)problem["detail"], Is.Not.Empty.And.Not.Null, text);
        }
        else
        {
            Assert.That(PointersOf(problem), Does.Contain(pointer), text);
        }

        Assert.That(api.Errors.Skip(logged), Is.Empty);
        Assert.That(await StoredAsync(), Is.EqualTo(stored), "something was stored");
        return problem;
    }

    /// <summary>As the bytes are given: an HTTP client would tidy the path up.</summary>
    /// <returns>The status, and whether the answer is a problem document.</returns>
    public async Task<(int Status, bool IsProblem)> SendRawAsync(string method, string target, string body)
    {
        var (stored, logged) = (await StoredAsync(), api.Errors.Count);
        var address = api.Admin.BaseAddress!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, limit.Token);
        var request =
            $"{method} {target} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n"
            + $"Authorization: {api.Admin.DefaultRequestHeaders.Authorization}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        using var reader = new StreamReader(socket.GetStream(), Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(limit.Token);
        Assert.That(api.Errors.Skip(logged), Is.Empty);
        Assert.That(await StoredAsync(), Is.EqualTo(stored), answer);
        return (int.Parse(answer.Split(' ')[1]), answer.Contains(Problem.MediaType, StringComparison.Ordinal));
    }

    public static IEnumerable<string> PointersOf(JsonNode problem) =>
        problem["errors"]?.AsArray().Select(static e => (string)e!["pointer"]!) ?? [];

    public static string DetailsOf(JsonNode problem) =>
        string.Join("\n", problem["errors"]?.AsArray().Select(static e => (string)e!["detail"]!) ?? []);

    /// <summary>A fingerprint of all that is stored, notifications that wait apart: they go by themselves.</summary>
    private async Task<string> StoredAsync()
    {
        var database = api.Services.GetRequiredService<PrimaryDatabase>();
        await using var list = database.CreateCommand(
            "select string_agg(format('select md5(coalesce(string_agg(t::text, '','' order by t::text), '''')) from %I.%I t', schemaname, tablename), ' union all ') "
                + "from pg_tables where schemaname = 'threeport' and tablename not in ('outbox', 'settings')"
        );
        var each = (string)(await list.ExecuteScalarAsync())!;
        await using var all = database.CreateCommand(
            $"select string_agg(md5, ' ' order by md5) from ({each}) as tables"
        );
        return (string)(await all.ExecuteScalarAsync())!;
    }
}
