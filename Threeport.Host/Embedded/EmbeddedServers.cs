using Threeport.Host.Configuration;

namespace Threeport.Host.Embedded;

/// <summary>The PostgreSQL and NATS that this process runs itself, where it was given none.</summary>
internal sealed class EmbeddedServers : IAsyncDisposable
{
    private readonly List<Supervised> _running = [];

    /// <summary>Starts what is missing, and puts where it is into the configuration.</summary>
    public static async Task<EmbeddedServers> StartAsync(
        HostSettings settings,
        DataFolder data,
        IConfiguration configuration,
        ILoggerFactory loggers,
        CancellationToken cancellationToken
    )
    {
        var servers = new EmbeddedServers();
        try
        {
            var database = settings is { HasApi: true, Database: null or "" }
                ? servers.StartPostgresAsync(data, loggers, cancellationToken)
                : Task.FromResult((settings.Database, configuration["Threeport:DatabaseOwner"]));
            var nats = settings.Nats is null or ""
                ? servers.StartNatsAsync(data, loggers, cancellationToken)
                : Task.FromResult<string?>(settings.Nats);
            await Task.WhenAll(database, nats);
            (configuration["ConnectionStrings:threeport"], configuration["ConnectionStrings:threeport-owner"]) =
                await database;
            configuration["Threeport:Nats"] = await nats;
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_running.Select(static s => s.DisposeAsync().AsTask()));

    private async Task<(string?, string?)> StartPostgresAsync(
        DataFolder data,
        ILoggerFactory loggers,
        CancellationToken cancellationToken
    )
    {
        var logger = loggers.CreateLogger<EmbeddedPostgres>();
        var server = await EmbeddedPostgres.PrepareAsync(data, logger, cancellationToken);
        await AddAsync(server, logger, cancellationToken);
        return (server.ConnectionString, server.OwnerConnectionString);
    }

    private async Task<string?> StartNatsAsync(
        DataFolder data,
        ILoggerFactory loggers,
        CancellationToken cancellationToken
    )
    {
        var logger = loggers.CreateLogger<EmbeddedNats>();
        var server = await EmbeddedNats.PrepareAsync(data, logger, cancellationToken);
        await AddAsync(server, logger, cancellationToken);
        return server.Url;
    }

    private async Task AddAsync(IEmbeddedServer server, ILogger logger, CancellationToken cancellationToken)
    {
        var running = await Supervised.StartAsync(server, logger, cancellationToken);
        lock (_running)
        {
            _running.Add(running);
        }
    }
}
