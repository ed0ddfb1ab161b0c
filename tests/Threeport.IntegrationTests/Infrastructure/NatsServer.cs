using System.Net.Sockets;
using System.Runtime.InteropServices;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;

namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>
/// A nats-server with JetStream, from the binary on this machine or else in Docker. It starts in milliseconds, so a fixture
/// that stops, wipes or fills one takes its own; the others share <see cref="Servers.NatsAsync"/>.
/// </summary>
internal sealed class NatsServer : IAsyncDisposable
{
    private const int Port = 4222;

    private readonly string _folder = Machine.TemporaryFolder();
    private readonly IContainer? _container;
    private readonly int _port;
    private ChildProcess? _process;

    private NatsServer(int port, IContainer? container)
    {
        _port = port;
        _container = container;
    }

    public string Url => $"nats://{_container?.Hostname ?? "127.0.0.1"}:{_port}";

    public static async Task<NatsServer> StartAsync()
    {
        if (Machine.NatsServer is not null)
        {
            var server = new NatsServer(Machine.FreePort(), container: null);
            await server.RestartAsync();
            return server;
        }

        if (!Machine.HasDocker)
        {
            throw new InvalidOperationException(
                "The tests need nats-server 2.9 or later. Install it (apt-get install nats-server), or start Docker."
            );
        }

        var container = new ContainerBuilder("nats:2.11-alpine")
            .WithCommand("-js")
            .WithPortBinding(Port, assignRandomHostPort: true)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("Server is ready"))
            .Build();
        await container.StartAsync();
        return new NatsServer(container.GetMappedPublicPort(Port), container);
    }

    /// <summary>Ends it in order (SIGTERM).</summary>
    public async Task StopAsync()
    {
        if (_container is not null)
        {
            await _container.StopAsync();
            return;
        }

        _process!.Signal(PosixSignal.SIGTERM);
        await _process.WaitForExitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public Task KillAsync() => _process is null ? _container!.StopAsync() : _process.KillAsync();

    /// <summary>Starts it again, on the same port and store.</summary>
    public async Task RestartAsync()
    {
        if (_container is not null)
        {
            await _container.StartAsync();
            return;
        }

        _process = ChildProcess.Start(
            "nats-server",
            Machine.NatsServer!,
            ["-js", "-sd", Path.Combine(_folder, "js"), "-a", "127.0.0.1", "-p", $"{_port}"]
        );
        await Eventually.TrueAsync("nats-server answers", AnswersAsync);
    }

    /// <summary>Stopped, loses its disk.</summary>
    public void Wipe() => Directory.Delete(Path.Combine(_folder, "js"), recursive: true);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_container is not null)
        {
            await _container.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"nats-server ended:\n{_process.Output}");
        }

        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _port);
        using var reader = new StreamReader(client.GetStream());
        return (await reader.ReadLineAsync())?.StartsWith("INFO ", StringComparison.Ordinal) is true;
    }
}
