using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>
/// F30: clients that open connections and then hardly send anything, or hardly read. They are thrown out, and others do not notice:
/// the 99th percentile of a healthy client is at most twice what it is without them.
/// </summary>
public sealed class SlowClientTests
{
    private const int OfEach = 250;
    private const int Samples = 300;

    /// <summary>Noise of the machine that is no slowness.</summary>
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ThrownOut = TimeSpan.FromSeconds(25);
    private HostProcess _host = null!;
    private string _token = "";
    private int _open;
    private X509Certificate2 _ca = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _host = await HostProcess.StartAsync([
            "--database",
            await (await Servers.PostgresAsync()).CreateDatabaseAsync(),
            "--nats",
            (await Servers.NatsAsync()).Url,
        ]);
        _ca = X509CertificateLoader.LoadCertificateFromFile(_host.CaFile);
        _token = (await File.ReadAllTextAsync(Path.Combine(_host.Data, "admin.token"))).Trim();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        _ca.Dispose();
    }

    [Test]
    public async Task F30_Clients_that_drip_are_thrown_out_and_others_do_not_notice()
    {
        await SlowestPercentAsync();
        var without = await SlowestPercentAsync();
        using var stop = new CancellationTokenSource(ThrownOut);
        var clock = Stopwatch.StartNew();
        var connections = new List<Task<bool>>();
        for (var i = 0; i < OfEach; i++)
        {
            connections.Add(DripAsync(tls: false, "", stop.Token));
            connections.Add(DripAsync(tls: true, "GET /v0/kinds HTTP/1.1\r\nHost: h\r\nX-Slow: ", stop.Token));
            connections.Add(DripAsync(tls: true, Head("POST", "Content-Length: 100000\r\n"), stop.Token));
        }

        await Eventually.TrueAsync("the connections are there", () => _open == 3 * OfEach);
        var with = await SlowestPercentAsync();
        TestContext.Out.WriteLine(
            $"p99 {without.TotalMilliseconds:F0} ms without, {with.TotalMilliseconds:F0} ms with"
        );
        var thrownOut = await Task.WhenAll(connections);
        TestContext.Out.WriteLine($"all thrown out after {clock.Elapsed.TotalSeconds:F0} s");
        Assert.Multiple(() =>
        {
            Assert.That(thrownOut.Count(static t => !t), Is.Zero, "still connected");
            Assert.That(with, Is.LessThan((2 * without) + Noise));
        });
    }

    [Test]
    public async Task F30_A_client_that_does_not_read_its_answers_is_thrown_out()
    {
        using var stop = new CancellationTokenSource(ThrownOut);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await using var stream = await OpenAsync(socket, tls: true, stop.Token);
        var request = Encoding.ASCII.GetBytes(Head("GET", "", "/openapi/v0.json"));
        try
        {
            // Asked again and again, and never read, until there is no room left on the way.
            while (true)
            {
                await stream.WriteAsync(request, stop.Token);
            }
        }
        catch (IOException)
        {
            Assert.Pass();
        }
    }

    /// <summary>One byte a second, for as long as it is let.</summary>
    /// <returns>Whether the server ended it.</returns>
    private async Task<bool> DripAsync(bool tls, string head, CancellationToken stop)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await using var stream = await OpenAsync(socket, tls, stop);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), stop);
            Interlocked.Increment(ref _open);
            var ended = EndAsync(stream, stop);
            while (!ended.IsCompleted)
            {
                await stream.WriteAsync("{"u8.ToArray(), stop);
                await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(1), stop));
            }

            return await ended;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Reads what there is; an answer may come before the end.</summary>
    private static async Task<bool> EndAsync(Stream stream, CancellationToken stop)
    {
        var buffer = new byte[4_096];
        while (await stream.ReadAsync(buffer, stop) > 0) { }

        return true;
    }

    private async Task<Stream> OpenAsync(Socket socket, bool tls, CancellationToken cancellationToken)
    {
        await socket.ConnectAsync(_host.Address.Host, _host.Address.Port, cancellationToken);
        var plain = new NetworkStream(socket);
        if (!tls)
        {
            return plain;
        }

        var secure = new SslStream(plain);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = _host.Address.Host,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { _ca },
                },
            },
            cancellationToken
        );
        return secure;
    }

    private string Head(string method, string more, string path = "/v0/kubernetes-runtime-definitions") =>
        $"{method} {path} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {_token}\r\nContent-Type: application/json\r\n{more}\r\n";

    private async Task<TimeSpan> SlowestPercentAsync()
    {
        var took = new List<TimeSpan>();
        for (var i = 0; i < Samples; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await _host.Client.GetAsync(
                new Uri("/v0/kubernetes-runtime-definitions", UriKind.Relative)
            );
            Assert.That(answer.IsSuccessStatusCode, Is.True);
            took.Add(Stopwatch.GetElapsedTime(start));
        }

        return took.Order().ElementAt(Samples * 99 / 100);
    }
}
