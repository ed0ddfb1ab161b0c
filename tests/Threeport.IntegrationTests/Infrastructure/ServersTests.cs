using System.Net.Http.Headers;
using Npgsql;

namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>What the other tests stand on.</summary>
public sealed class ServersTests
{
    [Test]
    public async Task PostgreSQL_gives_every_fixture_a_database_of_its_own()
    {
        var server = await Servers.PostgresAsync();

        var first = await server.CreateDatabaseAsync();
        var second = await server.CreateDatabaseAsync();

        Assert.That(second, Is.Not.EqualTo(first));
        await using var source = NpgsqlDataSource.Create(first);
        await using var command = source.CreateCommand("select count(*) from pg_tables where schemaname = 'threeport'");
        Assert.That(await command.ExecuteScalarAsync(), Is.Zero);
    }

    [Test]
    public async Task A_nats_server_can_be_killed_wiped_and_started_again()
    {
        await using var server = await NatsServer.StartAsync();

        await server.KillAsync();
        server.Wipe();
        await server.RestartAsync();

        Assert.That(server.Url, Does.StartWith("nats://"));
    }

    [Test]
    public async Task Kubernetes_answers_with_the_kubeconfigs_token()
    {
        var server = await Servers.KubernetesAsync();
        if (server.Endpoint is null)
        {
            Assert.That(server.Kubeconfig, Does.Contain("server:"));
            return;
        }

        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        Assert.That(await client.GetStringAsync(new Uri($"{server.Endpoint}/version")), Does.Contain("gitVersion"));
    }
}
