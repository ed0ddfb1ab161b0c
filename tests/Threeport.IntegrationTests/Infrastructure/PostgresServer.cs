using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Npgsql;
using Testcontainers.PostgreSql;

namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>
/// A PostgreSQL server: the one that <c>THREEPORT_TEST_POSTGRES</c> (a connection string that may create databases) names, else
/// one of our own from the binaries on this machine, else one in Docker. <see cref="Servers.PostgresAsync"/> is shared by the whole
/// run; a fixture takes a database of its own from it.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string? _folder;
    private readonly PostgreSqlContainer? _container;
    private ChildProcess? _process;

    private PostgresServer(string connectionString, string? folder, PostgreSqlContainer? container)
    {
        ConnectionString = connectionString;
        _folder = folder;
        _container = container;
    }

    /// <summary>Of the database <c>postgres</c>, as its superuser.</summary>
    public string ConnectionString { get; }

    /// <summary>Where it listens, for something that stands before it. For a server of one's own only.</summary>
    public EndPoint EndPoint =>
        new UnixDomainSocketEndPoint(
            Path.Combine(
                _folder ?? throw new InvalidOperationException("This PostgreSQL is not ours to stand before."),
                ".s.PGSQL.5432"
            )
        );

    public static async Task<PostgresServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("THREEPORT_TEST_POSTGRES") is { Length: > 0 } given)
        {
            return new(given, folder: null, container: null);
        }

        if (Machine.PostgresBinaries is not null)
        {
            return await StartOwnAsync();
        }

        if (!Machine.HasDocker)
        {
            throw new InvalidOperationException(
                "The tests need PostgreSQL 14 or later. Install it (apt-get install postgresql), or set THREEPORT_TEST_POSTGRES to a connection string, or start Docker."
            );
        }

        var container = new PostgreSqlBuilder("postgres:17-alpine").Build();
        await container.StartAsync();
        return new(container.GetConnectionString(), folder: null, container);
    }

    /// <summary>
    /// A standby of this one, which this one waits for with every commit from then on: what was answered is there, too. For a
    /// server of one's own only.
    /// </summary>
    public async Task<PostgresServer> StartStandbyAsync()
    {
        var folder = Machine.TemporaryFolder();
        if (Machine.PostgresUser is { } user)
        {
            await ChildProcess.RunAsync("chown", [user, folder]);
        }

        await ChildProcess.RunAsync(
            Path.Combine(Machine.PostgresBinaries!, "pg_basebackup"),
            ["-h", _folder!, "-U", "postgres", "-D", Path.Combine(folder, "data"), "-R", "-c", "fast", "-X", "stream"],
            Machine.PostgresUser
        );
        var standby = Of(folder);
        await standby.RestartAsync();
        await ExecuteAsync("alter system set synchronous_standby_names = '*'");
        await ExecuteAsync("select pg_reload_conf()");
        return standby;
    }

    /// <summary>Makes a standby the primary.</summary>
    public Task PromoteAsync() => ExecuteAsync("select pg_promote()");

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"t{Guid.CreateVersion7():N}";
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Ends it at once, as a crash would (SIGQUIT). For a server of one's own only.</summary>
    public async Task CrashAsync()
    {
        Own().Signal(PosixSignal.SIGQUIT);
        await Own().WaitForExitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Starts it again after <see cref="CrashAsync"/>.</summary>
    public async Task RestartAsync()
    {
        _process = Run(_folder!);
        await WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_process is not null)
        {
            // SIGQUIT: the children go too, and nothing in the folder is worth a clean end.
            _process.Signal(PosixSignal.SIGQUIT);
            await _process.WaitForExitAsync(TimeSpan.FromSeconds(10));
            await _process.DisposeAsync();
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }

        if (_container is not null)
        {
            await _container.DisposeAsync();
        }
    }

    private static async Task<PostgresServer> StartOwnAsync()
    {
        var folder = Machine.TemporaryFolder();
        if (Machine.PostgresUser is { } user)
        {
            await ChildProcess.RunAsync("chown", [user, folder]);
        }

        await ChildProcess.RunAsync(
            Path.Combine(Machine.PostgresBinaries!, "initdb"),
            ["-D", Path.Combine(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            Machine.PostgresUser
        );
        var server = Of(folder);
        await server.RestartAsync();
        return server;
    }

    private static PostgresServer Of(string folder) =>
        new($"Host={folder};Username=postgres;Database=postgres;Maximum Pool Size=20", folder, container: null);

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static ChildProcess Run(string folder) =>
        ChildProcess.Start(
            "postgres",
            Path.Combine(Machine.PostgresBinaries!, "postgres"),
            [
                "-D",
                Path.Combine(folder, "data"),
                "-c",
                "listen_addresses=",
                "-c",
                $"unix_socket_directories={folder}",
                "-c",
                "max_connections=300",
                "-c",
                "fsync=off",
                "-c",
                "max_wal_size=256MB",
            ],
            Machine.PostgresUser
        );

    private ChildProcess Own() =>
        _process ?? throw new InvalidOperationException("This PostgreSQL is not ours to stop.");

    private Task WaitAsync() =>
        Eventually.TrueAsync(
            $"PostgreSQL answers",
            async () =>
            {
                if (_process!.HasExited)
                {
                    throw new InvalidOperationException($"PostgreSQL ended:\n{_process.Output}");
                }

                await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
                await connection.OpenAsync();
                return true;
            },
            TimeSpan.FromSeconds(30)
        );
}
