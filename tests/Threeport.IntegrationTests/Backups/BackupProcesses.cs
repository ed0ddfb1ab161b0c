using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Backups;

/// <summary>
/// A control plane as it is run in earnest, the API layer and the controllers in processes of their own, and a cluster that is reached through
/// something that counts who asks.
/// </summary>
internal sealed class BackupProcesses : IAsyncDisposable
{
    private readonly string _database;

    private BackupProcesses(string database, HostProcess api) => (_database, Api) = (database, api);

    public HostProcess Api { get; }

    public HostProcess? Controllers { get; private set; }

    /// <summary>With a database, a key ring and a CA of its own.</summary>
    public static async Task<BackupProcesses> StartAsync(string nats)
    {
        var database = await (await Servers.PostgresAsync()).CreateDatabaseAsync();
        var api = await HostProcess.StartAsync(["--roles", "api", "--database", database, "--nats", nats]);
        var processes = new BackupProcesses(database, api);
        processes.Controllers = await HostProcess.StartAsync([
            "--roles",
            "controllers",
            "--nats",
            nats,
            "--api-url",
            api.Address.GetLeftPart(UriPartial.Authority),
            "--api-ca",
            api.CaFile,
            "--api-token-file",
            Path.Combine(api.Data, "controllers.token"),
        ]);
        return processes;
    }

    /// <summary>Whether rows of a backup are on their way into a table of kinds.</summary>
    public async Task<bool> IsCopyingAsync()
    {
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand(
            "select exists (select from pg_stat_activity where datname = current_database() and query like 'copy threeport.\"mt_doc%')"
        );
        return await command.ExecuteScalarAsync() is true;
    }

    /// <summary>Both are gone, and the database with them.</summary>
    public async Task DropAsync()
    {
        await Controllers!.KillAsync();
        await Api.KillAsync();
        var name = new NpgsqlConnectionStringBuilder(_database).Database;
        await using var server = NpgsqlDataSource.Create((await Servers.PostgresAsync()).ConnectionString);
        await using var drop = server.CreateCommand($"drop database {name} with (force)");
        await drop.ExecuteNonQueryAsync();
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(
        string method,
        string path,
        object? body = null
    )
    {
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await Api.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text is ['{', ..] ? JsonNode.Parse(text) : null);
    }

    public async Task PutAsync(string path, object spec)
    {
        var (status, body) = await SendAsync("PUT", $"/v0/{path}", new { spec });
        Assert.That((int)status, Is.LessThan(300), body?.ToJsonString());
    }

    public async Task<JsonNode?> FindAsync(string path) => (await SendAsync("GET", $"/v0/{path}")).Body;

    /// <inheritdoc cref="HostProcess.CliAsync"/>
    public Task<(int Code, string Output)> CliAsync(params string[] arguments) => Api.CliAsync(arguments);

    public async ValueTask DisposeAsync()
    {
        if (Controllers is not null)
        {
            await Controllers.DisposeAsync();
        }

        await Api.DisposeAsync();
    }
}
