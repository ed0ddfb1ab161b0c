using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>
/// Stands between a program and a server and does to their connections what networks do: cuts them, lets them fall silent without
/// a word to either side, or makes them slow.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly EndPoint _target;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private Task _accepting = Task.CompletedTask;
    private int _accepted;

    private FaultProxy(EndPoint target) => _target = target;

    /// <summary>Where to connect to, at 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>How long what is sent takes, in either direction.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>How much is forwarded at once, so that a message comes in pieces.</summary>
    public int PieceSize { get; set; } = BufferSize;

    /// <summary>Whether new connections are accepted, and silent: the other side is there no more, and nobody says so.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Connections that are forwarded; silent ones too.</summary>
    public int Connections => _connections.Count;

    /// <summary>Connections that there ever were, in vain or not.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <param name="target">The server: an address, or a socket in the file system.</param>
    public static FaultProxy Start(EndPoint target)
    {
        var proxy = new FaultProxy(target);
        proxy._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        proxy._listener.Listen(512);
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>
    /// From now on nothing passes through the connections that there are, and nobody is told: what is sent is acknowledged by the
    /// machine, and no end is sent. New connections are not concerned, as when a firewall forgot the old ones.
    /// </summary>
    public void Silence()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.IsSilent = true;
        }
    }

    /// <summary>Resets the connections that there are.</summary>
    public void Cut()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = new Connection(await _listener.AcceptAsync(_stop.Token)) { IsSilent = IsSilent };
                Interlocked.Increment(ref _accepted);
                var forwarding = ForwardAsync(connection);
                _connections[connection] = forwarding;
                if (forwarding.IsCompleted)
                {
                    _connections.TryRemove(connection, out _);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ForwardAsync(Connection connection)
    {
        try
        {
            await connection.OpenAsync(_target, _stop.Token);
            await Task.WhenAny(
                CopyAsync(connection, connection.Client, connection.Server!),
                CopyAsync(connection, connection.Server!, connection.Client)
            );
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The server is away: the client sees it at once.
        }
        finally
        {
            connection.Reset();
            _connections.TryRemove(connection, out _);
        }
    }

    /// <summary>Until one side ends. One that was silenced is read on, so that its buffers never fill, and forwarded never again.</summary>
    private async Task CopyAsync(Connection connection, Socket from, Socket to)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await from.ReceiveAsync(buffer.AsMemory(0, PieceSize), _stop.Token) is > 0 and var read)
            {
                if (Latency > TimeSpan.Zero)
                {
                    await Task.Delay(Latency, _stop.Token);
                }

                for (var sent = 0; sent < read && !connection.IsSilent; )
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token);
                }
            }

            if (connection.IsSilent)
            {
                await connection.Ended;
            }
        }
        catch (Exception exception)
            when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Ended by one of the two, or by us.
        }
    }

    private sealed class Connection(Socket client)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Socket Client => client;

        public Socket? Server { get; private set; }

        public bool IsSilent { get; set; }

        public Task Ended => _ended.Task;

        public async Task OpenAsync(EndPoint target, CancellationToken cancellationToken)
        {
            client.NoDelay = true;
            Server =
                target is UnixDomainSocketEndPoint
                    ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                    : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await Server.ConnectAsync(target, cancellationToken);
            if (_ended.Task.IsCompleted)
            {
                Server.Dispose();
            }
        }

        /// <summary>Once; without the courtesy of an orderly end.</summary>
        public void Reset()
        {
            if (_ended.TrySetResult())
            {
                client.Close(0);
                Server?.Close(0);
            }
        }
    }
}
