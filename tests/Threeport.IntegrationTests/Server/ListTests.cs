using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Threeport.Server.Reading;
using Threeport.Server.Storage;

namespace Threeport.IntegrationTests.Server;

/// <summary>What a list answers: order, pages, filters.</summary>
public sealed class ListTests
{
    private HttpApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _api = await HttpApi.SharedAsync();
        await _api.SendAsync("PUT", "/v0/plain-samples/list-target", "{}");
        await PutAsync("list-b", """{"size": 10, "only": false, "fixed": "b"}""", "one");
        await PutAsync("list-a", """{"size": 9, "fixed": "Z", "plain": "list-target"}""", "two");
        await PutAsync("list-d", """{"size": -3, "only": true, "fixed": "a"}""", "one");
        await PutAsync("list-c", """{"size": 100, "fixed": "b"}""", "three");
    }

    [TestCase("name", "a b c d")]
    [TestCase("-name", "d c b a")]
    [TestCase("spec.size", "d a b c")]
    [TestCase("-spec.size", "c b a d")]
    [TestCase("createdAt", "b a d c")]
    [TestCase("-createdAt", "c d a b")]
    [TestCase("age", "c d a b")]
    [TestCase("-age", "b a d c")]
    [TestCase("spec.fixed", "a d b c")]
    [TestCase("spec.only", "a b c d")]
    [TestCase("-spec.only", "d c b a")]
    [TestCase("spec.plain", "b c d a")]
    [TestCase("-spec.plain", "a d c b")]
    [TestCase("labels.group", "b d c a")]
    [TestCase("labels.nothing", "a b c d")]
    [TestCase("status", "a b c d")]
    [TestCase("deletionRequestedAt", "a b c d")]
    public async Task A_list_is_sorted_by_what_a_field_means_and_pages_alike(string sort, string expected)
    {
        var whole = await NamesAsync($"labels.set=list&sort={sort}");
        var paged = await PagesAsync($"labels.set=list&sort={sort}", limit: 1);
        Assert.That(string.Join(' ', whole), Is.EqualTo(expected));
        Assert.That(paged, Is.EqualTo(whole));
    }

    [TestCase("labels.group=one", "b d")]
    [TestCase("labels.group!=one", "a c")]
    [TestCase("labels.nothing!=x", "a b c d")]
    [TestCase("labels.nothing=x", "")]
    [TestCase("spec.size=10", "b")]
    [TestCase("spec.size=010", "b")]
    [TestCase("spec.size=-3", "d")]
    [TestCase("spec.size=10.0", "b")]
    [TestCase("spec.size!=10", "a c d")]
    [TestCase("spec.only=true", "d")]
    [TestCase("spec.only=False", "a b c")]
    [TestCase("spec.only!=true", "a b c")]
    [TestCase("spec.plain=list-target", "a")]
    [TestCase("spec.plain!=list-target", "b c d")]
    [TestCase("spec.fixed=b&labels.group=one", "b")]
    [TestCase("name=list-c", "c")]
    [TestCase("name!=list-c&name!=list-a", "b d")]
    [TestCase("generation=1", "a b c d")]
    [TestCase("status=Pending", "a b c d")]
    [TestCase("status!=Pending", "")]
    [TestCase("spec.fixed=' or true --", "")]
    [TestCase("spec.fixed=%25", "")]
    public async Task A_list_holds_what_all_filters_let_through(string filter, string expected) =>
        Assert.That(string.Join(' ', await NamesAsync($"labels.set=list&{filter}")), Is.EqualTo(expected));

    [TestCase("name")]
    [TestCase("-name")]
    [TestCase("-spec.text")]
    [TestCase("age")]
    public async Task Pages_neither_skip_nor_repeat_while_names_come_and_go(string sort)
    {
        var set = $"pages-{sort.Trim('-').Replace('.', '-')}-{sort.Length}";
        for (var i = 0; i < 20; i++)
        {
            await PlainAsync($"{set}-m{i:00}", set);
        }

        var names = await PagesAsync(
            $"labels.set={set}&sort={sort}",
            limit: 3,
            async page =>
            {
                await PlainAsync($"{set}-a{page:00}", set);
                await PlainAsync($"{set}-z{page:00}", set);
                await PlainAsync($"{set}-m05{page}", set);
                await _api.SendAsync("DELETE", $"/v0/plain-samples/{set}-a{page - 1:00}");
            },
            "plain-samples"
        );
        Assert.That(names, Is.Unique);
        Assert.That(
            names.Where(n => n.Length == set.Length + 4 && n.Contains("-m", StringComparison.Ordinal)).Order(),
            Is.EqualTo(Enumerable.Range(0, 20).Select(i => $"{set}-m{i:00}"))
        );
    }

    [TestCase("name")]
    [TestCase("-name")]
    [TestCase("age")]
    [TestCase("-age")]
    public async Task A_page_by_name_or_by_age_is_read_in_the_order_of_an_index(string sort)
    {
        var kind = _api.Services.GetRequiredService<KindStores>()["samples"];
        var sql = new ListSql(kind.Kind, new([new("labels.group", Negated: false, "one")], sort, 50, Continue: null));
        var database = _api.Services.GetRequiredService<PrimaryDatabase>();
        await using var page = sql.Command(database, kind);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Few rows would be sorted whatever indexes there are.
        await using var planner = new NpgsqlCommand("set local enable_seqscan = off", connection);
        await planner.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"explain {page.Statements[0].CommandText}", connection);
        explain.Parameters.AddRange(page.Parameters.Select(static p => p.Clone()).ToArray());

        var plan = new List<string>();
        await using var reader = await explain.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        Assert.That(plan, Has.Some.Contains("Index Scan").And.None.Contains("Sort"));
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string query)
    {
        var (status, body, _) = await _api.SendAsync("GET", $"/v0/samples?{query}");
        Assert.That(status, Is.EqualTo(200), body?.ToJsonString());
        return [.. body!["items"]!.AsArray().Select(static i => ((string)i!["name"]!).Replace("list-", ""))];
    }

    private async Task<IReadOnlyList<string>> PagesAsync(
        string query,
        int limit,
        Func<int, Task>? between = null,
        string plural = "samples"
    )
    {
        var names = new List<string>();
        string? next = null;
        for (var page = 0; page == 0 || next is not null; page++)
        {
            var more = next is null ? "" : $"&continue={next}";
            var (status, body, _) = await _api.SendAsync("GET", $"/v0/{plural}?{query}&limit={limit}{more}");
            Assert.That(status, Is.EqualTo(200), body?.ToJsonString());
            names.AddRange(body!["items"]!.AsArray().Select(static i => ((string)i!["name"]!).Replace("list-", "")));
            next = (string?)body["continue"];
            if (between is not null)
            {
                await between(page);
            }

            Assert.That(page, Is.LessThan(100), "no end");
        }

        return names;
    }

    private async Task PutAsync(string name, string spec, string group)
    {
        var body = $$"""{"labels": {"set": "list", "group": "{{group}}"}, "spec": {{spec}}}""";
        var (status, answer, _) = await _api.SendAsync("PUT", $"/v0/samples/{name}", body);
        Assert.That(status, Is.AnyOf(200, 201), answer?.ToJsonString());
    }

    private async Task PlainAsync(string name, string set)
    {
        var body = new JsonObject
        {
            ["labels"] = new JsonObject { ["set"] = set },
            ["spec"] = new JsonObject { ["text"] = name[^1..] },
        };
        await _api.SendAsync("PUT", $"/v0/plain-samples/{name}", body.ToJsonString());
    }
}
