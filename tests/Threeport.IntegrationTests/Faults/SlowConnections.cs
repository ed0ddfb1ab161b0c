using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Threeport.IntegrationTests.Faults;

/// <summary>
/// Clients that open a connection and hardly ever send anything: a byte of the greeting now and then, or, of a request, once the
/// handshake is done. Who is hung up on comes again.
/// </summary>
internal sealed class SlowConnections : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(8);

    /// <summary>A TLS record that begins a handshake of 512 bytes, none of which come soon.</summary>
    private static readonly byte[] Greeting = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03];

    private readonly CancellationTokenSource _stop = new();
    private readonly X509ChainPolicy _trust;
    private readonly List<Task> _clients;
    private int _opened;
    private int _hungUpOn;

    /// <param name="target">Where to.</param>
    /// <param name="caFile">Whom to trust.</param>
    /// <param name="count">How many at once.</param>
    /// <param name="addresses">From so many addresses of this machine.</param>
    public SlowConnections(IPEndPoint target, string caFile, int count, int addresses)
    {
        _trust = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(caFile) },
        };
        _clients =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => RunAsync(target, Address(i % addresses), Pace * i / count, handshake: i % 10 == 0)),
        ];
    }

    /// <summary>How many of them have been connected, at least once.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>How often one was hung up on.</summary>
    public int HungUpOn => Volatile.Read(ref _hungUpOn);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _stop.Dispose();
    }

    private static IPAddress Address(int index) => new([127, 1, (byte)(index / 250), (byte)(1 + (index % 250))]);

    private async Task RunAsync(IPEndPoint target, IPAddress from, TimeSpan after, bool handshake)
    {
        var isNew = true;
        await Task.Delay(after, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(target, _stop.Token);
                if (isNew)
                {
                    isNew = false;
                    Interlocked.Increment(ref _opened);
                }

                await using var stream = new NetworkStream(socket);
                await (handshake ? RequestAsync(stream) : DribbleAsync(stream, stream, Greeting));
            }
            catch (Exception exception)
                when (exception is IOException or SocketException or OperationCanceledException
                    || exception is System.Security.Authentication.AuthenticationException
                )
            {
                Interlocked.Increment(ref _hungUpOn);
                await Task.Delay(Pace, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RequestAsync(NetworkStream network)
    {
        await using var stream = new SslStream(network, leaveInnerStreamOpen: true);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = _trust.Clone() },
            _stop.Token
        );
        await DribbleAsync(stream, stream, "GET /v0/kinds HTTP/1.1\r\n"u8.ToArray());
    }

    /// <summary>Byte for byte; ends when the other side does.</summary>
    private async Task DribbleAsync(Stream from, Stream to, byte[] bytes)
    {
        var closed = from.ReadAsync(new byte[16], _stop.Token).AsTask();
        foreach (var one in bytes)
        {
            await to.WriteAsync(new[] { one }, _stop.Token);
            if (await Task.WhenAny(closed, Task.Delay(Pace, _stop.Token)) == closed)
            {
                break;
            }
        }

        await closed;
        throw new IOException("It was hung up on.");
    }
}
