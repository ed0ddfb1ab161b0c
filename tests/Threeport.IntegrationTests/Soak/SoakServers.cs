using System.Text.Json.Nodes;
using Npgsql;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Soak;

/// <summary>
/// PostgreSQL, a broker, a cluster with its agent, and two hosts on them, each its own process. One host is killed again and again;
/// the other lives through everything, so that what it leaks would be seen.
/// </summary>
internal sealed class SoakServers : ISoaked, IAsyncDisposable
{
    /// <summary>What all API replicas of an installation share.</summary>
    private static readonly string[] Shared = ["ca.crt", "ca.key", "keyring.json", "admin.token"];

    private readonly string _data = Machine.TemporaryFolder();
    private HostProcess? _survivor;
    private WholeControlPlane? _whole;
    private NpgsqlDataSource? _database;

    private SoakServers(PostgresServer postgres, NatsServer nats) => (Postgres, Nats) = (postgres, nats);

    public PostgresServer Postgres { get; }

    public NatsServer Nats { get; }

    public WholeControlPlane Whole => _whole!;

    /// <summary>The host that is killed.</summary>
    public HostProcess Victim => _whole!.Host;

    /// <summary>The host that is not.</summary>
    public HostProcess Survivor => _survivor!;

    public NpgsqlDataSource Database => _database!;

    /// <summary>The one host for every other of them.</summary>
    public HttpClient ClientOf(int client) => (client % 2 == 0 ? Victim : Survivor).Client;

    public ClusterClient Cluster() => Whole.Cluster();

    public Task<IReadOnlyList<JsonNode>> ListAsync(string plural) => Whole.ListAsync(plural);

    public static async Task<SoakServers> StartAsync()
    {
        var servers = new SoakServers(await PostgresServer.StartAsync(), await NatsServer.StartAsync());
        try
        {
            await servers.StartHostsAsync();
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>A workload of one ConfigMap that shows which write it comes from.</summary>
    public static JsonObject Definition(string name, string mark) =>
        new()
        {
            ["yamlDocument"] = $$"""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: {{name}}, namespace: default}
                data: {write: "{{mark}}"}
                """,
        };

    public async ValueTask DisposeAsync()
    {
        if (_survivor is not null)
        {
            await _survivor.DisposeAsync();
        }

        if (_whole is not null)
        {
            await _whole.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        await Nats.DisposeAsync();
        await Postgres.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private async Task StartHostsAsync()
    {
        var database = await Postgres.CreateDatabaseAsync();
        _database = NpgsqlDataSource.Create(database);
        string[] arguments = ["--database", database, "--nats", Nats.Url];
        _whole = await WholeControlPlane.StartAsync(arguments);
        foreach (var file in Shared)
        {
            File.Copy(Path.Combine(Victim.Data, file), Path.Combine(_data, file));
        }

        _survivor = await HostProcess.StartAsync(arguments, _data);
    }
}
