using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Hosting;

/// <summary>A list of brokers, of which some are away.</summary>
public sealed class BrokerListTests
{
    [Test]
    public async Task Whichever_answers_is_used([Values(0, 1, 2)] int position)
    {
        await using var nats = await NatsServer.StartAsync();
        var brokers = new List<string> { Away(), Away() };
        brokers.Insert(position, nats.Url);
        await using var host = await HostProcess.StartAsync(["--nats", string.Join(',', brokers)]);
        using var answer = await host.Client.PutAsJsonAsync(
            "/v0/workload-definitions/listed?wait=30s",
            new { spec = new { yamlDocument = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n" } }
        );
        var stored = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.That((long?)stored!["observedGeneration"], Is.EqualTo(1), $"{stored}\n{host.Log}");
        Assert.That(Directory.Exists(Path.Combine(host.Data, "nats")), Is.False, "it started none of its own");
    }

    private static string Away() => $"nats://127.0.0.1:{Machine.FreePort()}";
}
