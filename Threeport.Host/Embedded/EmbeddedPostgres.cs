using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Threeport.Runtime;

namespace Threeport.Host.Embedded;

/// <summary>A PostgreSQL of our own in the data folder, on a socket there or, where that path is too long, on loopback.</summary>
internal sealed partial class EmbeddedPostgres : IEmbeddedServer
{
    /// <summary>The superuser, who owns the tables.</summary>
    private const string Owner = "threeport";

    /// <summary>Who the API layer works as: it cannot change what was noted of it.</summary>
    private const string Worker = "threeport_app";
    private const int LongestSocketPath = 107;

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static readonly string? User = Environment.IsPrivilegedProcess ? "postgres" : null;

    private static readonly TimeSpan OrphanLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly string _password;
    private readonly string _workerPassword;
    private readonly string _binaries;
    private readonly int? _port;
    private readonly ILogger _logger;

    private EmbeddedPostgres(string folder, string password, string workerPassword, string binaries, ILogger logger)
    {
        _folder = folder;
        _password = password;
        _workerPassword = workerPassword;
        _binaries = binaries;
        _logger = logger;
        _port = Path.Combine(folder, ".s.PGSQL.5432").Length > LongestSocketPath ? FreePort() : null;
    }

    public string Name => "PostgreSQL";

    /// <summary>Fast shutdown: sessions are ended, a checkpoint is written.</summary>
    public int StopSignal => Processes.Interrupt;

    /// <summary>Of the database that the control plane uses.</summary>
    public string ConnectionString => Connection("threeport", Worker, _workerPassword);

    /// <summary>The same, as the owner of its tables.</summary>
    public string OwnerConnectionString => Connection("threeport", Owner, _password);

    private string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Makes it if it is not there yet, and clears away what a killed process left behind.</summary>
    /// <exception cref="SettingsException">PostgreSQL is not installed, or not in the version that the data needs.</exception>
    public static async Task<EmbeddedPostgres> PrepareAsync(
        DataFolder data,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var folder = data.PathOf("postgres");
        var versionFile = Path.Combine(folder, "data", "PG_VERSION");
        await MakeFolderAsync(folder, cancellationToken);
        var version = await ReadAsync(versionFile, cancellationToken);
        var binaries =
            Binaries.FindPostgres(version)
            ?? throw new SettingsException(
                $"PostgreSQL {version ?? "14 or later"} is not installed. Install it (on Debian: apt-get install postgresql), or name one with --database."
            );
        var server = new EmbeddedPostgres(
            folder,
            data.SecretText("postgres.password", Host.DataFolder.NewPassword),
            data.SecretText("postgres-app.password", Host.DataFolder.NewPassword),
            binaries,
            logger
        );
        await server.StopOrphanAsync(cancellationToken);
        if (version is null)
        {
            await server.InitializeAsync(cancellationToken);
        }

        return server;
    }

    public Task<Process> StartAsync(CancellationToken cancellationToken) =>
        Processes.StartAsync(
            Path.Combine(_binaries, "postgres"),
            ["-D", DataFolder, .. Settings().SelectMany(static s => (string[])["-c", s])],
            User,
            "INT",
            Log
        );

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                Connection("postgres", Owner, _password) + ";Pooling=false"
            );
            await connection.OpenAsync(cancellationToken);
            await using var exists = new NpgsqlCommand(
                "select 1 from pg_database where datname = 'threeport'",
                connection
            );
            if (await exists.ExecuteScalarAsync(cancellationToken) is null)
            {
                await using var create = new NpgsqlCommand("create database threeport", connection);
                await create.ExecuteNonQueryAsync(cancellationToken);
            }

            await MakeWorkerAsync(connection, cancellationToken);

            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Small, for a machine that does other things too; nothing that weakens what a commit promises.</summary>
    private IEnumerable<string> Settings() =>
        [
            $"listen_addresses={(_port is null ? "" : "127.0.0.1")}",
            $"port={_port ?? 5432}",
            $"unix_socket_directories={(_port is null ? _folder : "")}",
            "unix_socket_permissions=0777",
            "max_connections=100",
            "shared_buffers=64MB",
            "max_wal_size=512MB",
            "synchronous_commit=on",
            "jit=off",
            "huge_pages=off",
            "idle_in_transaction_session_timeout=60s",
            // The API layer reports its own errors; a statement that failed on a taken name is none of the server's.
            "log_min_messages=log",
            "log_min_error_statement=panic",
            "log_line_prefix=",
            "log_destination=stderr",
            "logging_collector=off",
        ];

    private static async Task MakeFolderAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(
                folder,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        }

        if (User is null)
        {
            return;
        }

        try
        {
            await Processes.RunAsync("/bin/chown", [$"{User}:{User}", folder], user: null, cancellationToken);
            await Processes.RunAsync("/usr/bin/test", ["-w", folder], User, cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            throw new SettingsException(
                $"The user {User} cannot reach {folder} ({exception.Message}). As root, PostgreSQL runs as that user: choose a data folder that it can reach with --data, or name a PostgreSQL with --database."
            );
        }
    }

    /// <summary>Beside, and renamed when it is whole: a crash leaves nothing half made.</summary>
    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var next = Path.Combine(_folder, "data.new");
        var passwordFile = Path.Combine(_folder, "password.new");
        if (Directory.Exists(next))
        {
            Directory.Delete(next, recursive: true);
        }

        Host.DataFolder.Write(passwordFile, _password);
        if (User is not null)
        {
            await Processes.RunAsync("/bin/chown", [User, passwordFile], user: null, cancellationToken);
        }

        await Processes.RunAsync(
            Path.Combine(_binaries, "initdb"),
            [
                "-D",
                next,
                "-U",
                Owner,
                "--auth=scram-sha-256",
                $"--pwfile={passwordFile}",
                "-E",
                "UTF8",
                "--locale=C",
                "--data-checksums",
            ],
            User,
            cancellationToken
        );
        File.Delete(passwordFile);
        Directory.Move(next, DataFolder);
        LogInitialized(DataFolder);
    }

    /// <summary>Killed hosts take their PostgreSQL with them; one that is still on its way down is waited for.</summary>
    private async Task StopOrphanAsync(CancellationToken cancellationToken)
    {
        var text = await ReadAsync(Path.Combine(DataFolder, "postmaster.pid"), cancellationToken);
        if (
            int.TryParse(text?.Split('\n')[0], CultureInfo.InvariantCulture, out var process)
            && await Processes.StopOrphanAsync(process, DataFolder, StopSignal, OrphanLimit, cancellationToken)
        )
        {
            LogOrphan(process);
        }
    }

    /// <summary>With the password that the file has: whoever replaced the file meant it.</summary>
    private async Task MakeWorkerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var make = new NpgsqlCommand(
            $"""
            do $$ begin
                if not exists (select from pg_roles where rolname = '{Worker}') then create role {Worker} login; end if;
            end $$;
            alter role {Worker} password '{_workerPassword}'
            """,
            connection
        );
        await make.ExecuteNonQueryAsync(cancellationToken);
    }

    private string Connection(string database, string user, string password) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = _port is null ? _folder : "127.0.0.1",
            Port = _port ?? 5432,
            Database = database,
            Username = user,
            Password = password,
        }.ConnectionString;

    private void Log(string line)
    {
        if (line.StartsWith("PANIC:", StringComparison.Ordinal))
        {
            LogBad(line);
        }
        // That it is starting up, or ends sessions because it was told to stop, is our own doing.
        else if (
            line.StartsWith("FATAL:", StringComparison.Ordinal)
            && !line.Contains("the database system is", StringComparison.Ordinal)
            && !line.Contains("due to administrator command", StringComparison.Ordinal)
        )
        {
            LogWarning(line);
        }
        else
        {
            LogLine(line);
        }
    }

    private static async Task<string?> ReadAsync(string file, CancellationToken cancellationToken) =>
        File.Exists(file) ? (await File.ReadAllTextAsync(file, cancellationToken)).Trim() : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL's data was made in {Folder}")]
    private partial void LogInitialized(string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL {Process} of a former life was ended")]
    private partial void LogOrphan(int process);

    [LoggerMessage(Level = LogLevel.Error, Message = "PostgreSQL: {Line}")]
    private partial void LogBad(string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL: {Line}")]
    private partial void LogWarning(string line);

    [LoggerMessage(Level = LogLevel.Debug, Message = "PostgreSQL: {Line}")]
    private partial void LogLine(string line);
}
