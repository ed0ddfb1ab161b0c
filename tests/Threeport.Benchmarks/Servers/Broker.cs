using System.Net;
using System.Net.Sockets;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.Benchmarks.Servers;

/// <summary>A nats-server that can be stopped while the control plane runs.</summary>
internal sealed class Broker(string folder) : IAsyncDisposable
{
    private readonly int _port = Ports.Next();
    private ChildProcess? _process;

    public string Url => $"nats://127.0.0.1:{_port}";

    /// <summary>Returns once it answers.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _process = ChildProcess.Start(
            "nats-server",
            "nats-server",
            ["-js", "-sd", Path.Combine(folder, "js"), "-a", "127.0.0.1", "-p", $"{_port}"]
        );
        return Ready.WhenAsync(
            "nats-server answers",
            AnswersAsync,
            TimeSpan.FromSeconds(20),
            TimeSpan.FromMilliseconds(20),
            _process,
            cancellationToken
        );
    }

    /// <summary>In order; what is stored stays.</summary>
    public async Task StopAsync()
    {
        _process!.Signal(15);
        await _process.WaitForExitAsync(TimeSpan.FromSeconds(20));
        await _process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            using var reader = new StreamReader(client.GetStream());
            return (await reader.ReadLineAsync(cancellationToken))?.StartsWith("INFO ", StringComparison.Ordinal)
                is true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
