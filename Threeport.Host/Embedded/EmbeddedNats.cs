using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Threeport.Runtime;

namespace Threeport.Host.Embedded;

/// <summary>A nats-server of our own with its JetStream store in the data folder, on loopback.</summary>
internal sealed partial class EmbeddedNats : IEmbeddedServer
{
    private static readonly TimeSpan OrphanLimit = TimeSpan.FromSeconds(10);

    private readonly string _program;
    private readonly string _configFile;
    private readonly string _password;
    private readonly int _port;
    private readonly ILogger _logger;

    private EmbeddedNats(string program, string configFile, string password, int port, ILogger logger)
    {
        _program = program;
        _configFile = configFile;
        _password = password;
        _port = port;
        _logger = logger;
    }

    public string Name => "NATS";

    public int StopSignal => Processes.Terminate;

    public string Url => $"nats://threeport:{_password}@127.0.0.1:{_port}";

    /// <exception cref="SettingsException">nats-server is not installed.</exception>
    public static async Task<EmbeddedNats> PrepareAsync(
        DataFolder data,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var program =
            Binaries.Find("nats-server")
            ?? throw new SettingsException(
                "nats-server 2.9.10 or later is not installed. Install it (on Debian: apt-get install nats-server), or name one with --nats."
            );
        var folder = data.PathOf("nats");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var configFile = Path.Combine(folder, "nats.conf");
        var pidFile = Path.Combine(folder, "pid");
        await StopOrphanAsync(pidFile, configFile, logger, cancellationToken);
        var server = new EmbeddedNats(
            program,
            configFile,
            data.SecretText("nats.password", DataFolder.NewPassword),
            FreePort(),
            logger
        );
        DataFolder.Write(
            configFile,
            $$"""
            server_name: threeport
            listen: "127.0.0.1:{{server._port}}"
            pid_file: "{{pidFile}}"
            max_payload: 1MB
            authorization { user: threeport, password: "{{server._password}}" }
            jetstream { store_dir: "{{Path.Combine(folder, "store")}}", max_mem: 64MB, max_file: 1GB }

            """
        );
        return server;
    }

    public Task<Process> StartAsync(CancellationToken cancellationToken) =>
        Processes.StartAsync(_program, ["-c", _configFile], user: null, "TERM", Log);

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            using var reader = new StreamReader(client.GetStream());
            return (await reader.ReadLineAsync(cancellationToken))?.StartsWith("INFO ", StringComparison.Ordinal)
                is true;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private static async Task StopOrphanAsync(
        string pidFile,
        string configFile,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        if (
            File.Exists(pidFile)
            && int.TryParse(
                await File.ReadAllTextAsync(pidFile, cancellationToken),
                CultureInfo.InvariantCulture,
                out var process
            )
            && await Processes.StopOrphanAsync(process, configFile, Processes.Terminate, OrphanLimit, cancellationToken)
        )
        {
            LogOrphan(logger, process);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Log(string line)
    {
        if (line.Contains("[ERR]", StringComparison.Ordinal) || line.Contains("[FTL]", StringComparison.Ordinal))
        {
            LogBad(line);
        }
        else
        {
            LogLine(line);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "NATS {Process} of a former life was ended")]
    private static partial void LogOrphan(ILogger logger, int process);

    [LoggerMessage(Level = LogLevel.Warning, Message = "NATS: {Line}")]
    private partial void LogBad(string line);

    [LoggerMessage(Level = LogLevel.Debug, Message = "NATS: {Line}")]
    private partial void LogLine(string line);
}
