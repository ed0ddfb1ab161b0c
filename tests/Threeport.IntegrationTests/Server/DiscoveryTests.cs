using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Threeport.Runtime;
using Threeport.Server.Discovery;

namespace Threeport.IntegrationTests.Server;

/// <summary>What clients live by without knowing a kind.</summary>
public sealed class DiscoveryTests
{
    private static readonly JsonSerializerOptions Indented = new(ResourceJson.Wire) { WriteIndented = true };

    /// <summary>Every change of what clients see is seen in a review too.</summary>
    [Test]
    public async Task The_kinds_are_described_as_before()
    {
        var services = new ServiceCollection();
        services.AddThreeportRuntime(new ConfigurationBuilder().Build(), Threeport.Host.Modules.All);
        var kinds = (KindCatalog)
            services.Last(static s => s.ServiceType == typeof(KindCatalog)).ImplementationInstance!;
        var actual = JsonSerializer.Serialize(new KindDescriptions(kinds).All, Indented) + "\n";
        var golden = GoldenFile();
        if (actual != await File.ReadAllTextAsync(golden))
        {
            var renewed = Path.Combine(TestContext.CurrentContext.WorkDirectory, "kinds.json");
            await File.WriteAllTextAsync(renewed, actual);
            Assert.Fail(
                $"What GET /v0/kinds says has changed. If that is meant, renew the file: cp {renewed} {golden}"
            );
        }
    }

    [Test]
    public async Task Every_reference_in_the_OpenAPI_document_leads_somewhere()
    {
        var (_, document, _) = await (await HttpApi.SharedAsync()).SendAsync("GET", "/openapi/v0.json");
        var references = References(document).Distinct().ToList();
        Assert.That(references, Has.Count.GreaterThan(3));
        Assert.That(references.Where(r => Resolve(document!, r) is null), Is.Empty);
    }

    [Test]
    public async Task Every_path_of_the_OpenAPI_document_names_its_parameters_and_its_operations()
    {
        var (_, document, _) = await (await HttpApi.SharedAsync()).SendAsync("GET", "/openapi/v0.json");
        var ids = new List<string>();
        foreach (var (path, item) in document!["paths"]!.AsObject())
        {
            var shared = Names(item!["parameters"], document!);
            foreach (var (method, operation) in item.AsObject().Where(static m => m.Key is not "parameters"))
            {
                var named = shared.Concat(Names(operation!["parameters"], document!));
                var wanted = path.Split('/').Where(static s => s.StartsWith('{')).Select(static s => s.Trim('{', '}'));
                Assert.That(named, Is.SupersetOf(wanted.ToList()), $"{method} {path}");
                Assert.That(operation["responses"]!.AsObject(), Is.Not.Empty, $"{method} {path}");
                ids.Add((string?)operation["operationId"] ?? $"{method} {path}");
            }
        }

        Assert.That(ids, Is.Unique);
    }

    private static IEnumerable<string> Names(JsonNode? parameters, JsonNode document) =>
        parameters
            ?.AsArray()
            .Select(p => (string?)p!["$ref"] is { } reference ? Resolve(document, reference)! : p)
            .Where(static p => (string?)p["in"] == "path")
            .Select(static p => (string)p["name"]!)
        ?? [];

    private static IEnumerable<string> References(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.SelectMany(static m =>
                m is { Key: "$ref", Value: JsonValue value } ? [(string)value!] : References(m.Value)
            ),
            JsonArray items => items.SelectMany(References),
            _ => [],
        };

    private static JsonNode? Resolve(JsonNode document, string reference)
    {
        Assert.That(reference, Does.StartWith("#/"));
        JsonNode? node = document;
        foreach (var segment in reference[2..].Split('/'))
        {
            var name = segment.Replace("~1", "/").Replace("~0", "~");
            node = node is JsonArray list ? list[int.Parse(name)] : node?[name];
        }

        return node;
    }

    private static string GoldenFile([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "kinds.json");
}
