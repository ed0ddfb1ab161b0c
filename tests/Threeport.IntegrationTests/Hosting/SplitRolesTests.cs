using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Hosting;

/// <summary>One process serves the API, another runs the controllers without a database of its own.</summary>
public sealed class SplitRolesTests
{
    [Test]
    public async Task Controllers_without_a_database_reconcile_over_HTTPS([Values] bool byCertificate)
    {
        var database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        await using var nats = await NatsServer.StartAsync();
        await using var api = await HostProcess.StartAsync([
            "--roles",
            "api",
            "--database",
            database,
            "--nats",
            nats.Url,
        ]);
        await using var controllers = await HostProcess.StartAsync([
            "--roles",
            "controllers",
            "--nats",
            nats.Url,
            "--api-url",
            api.Address.GetLeftPart(UriPartial.Authority),
            "--api-ca",
            api.CaFile,
            .. Identity(api.Data, byCertificate),
        ]);

        var definition = new
        {
            spec = new { yamlDocument = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n" },
        };
        using var answer = await api.Client.PutAsJsonAsync("/v0/workload-definitions/split?wait=20s", definition);

        var stored = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.That((long?)stored!["observedGeneration"], Is.EqualTo(1), $"{stored}\n{controllers.Log}");
        // Said after the pass was stored, and read from the process's output after that.
        await Eventually.TrueAsync(
            "the controllers' process says that it was the one",
            () => controllers.Log.Contains("workload-definition split: Ready", StringComparison.Ordinal)
        );
        Assert.That(Directory.Exists(Path.Combine(controllers.Data, "postgres")), Is.False);
        Assert.That(await controllers.StopAsync(), Is.Zero, controllers.Log);
    }

    private static string[] Identity(string data, bool byCertificate) =>
        byCertificate
            ?
            [
                "--api-certificate-file",
                Path.Combine(data, "controllers.crt"),
                "--api-key-file",
                Path.Combine(data, "controllers.key"),
            ]
            : ["--api-token-file", Path.Combine(data, "controllers.token")];
}
