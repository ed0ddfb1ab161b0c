using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Agent;

/// <summary>The agent as a process: what it is told, what it says, how it ends.</summary>
public sealed class AgentProcessTests
{
    private string _folder = null!;

    [SetUp]
    public void Begin() => _folder = Machine.TemporaryFolder();

    [TearDown]
    public void End() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task It_reports_logs_as_JSON_serves_its_state_and_ends_well_when_told()
    {
        await using var reports = await RecordingControlPlane.StartAsync();
        await File.WriteAllTextAsync(PathOf("kubeconfig"), (await Servers.KubernetesAsync()).Kubeconfig);
        await File.WriteAllTextAsync(PathOf("token"), "agent-token");
        var port = Machine.FreePort();
        await using var agent = Start(
            "--api",
            reports.Address.ToString(),
            "--runtime",
            "process",
            "--token-file",
            PathOf("token"),
            "--kubeconfig",
            PathOf("kubeconfig"),
            "--listen",
            $"{port}"
        );
        await Eventually.TrueAsync("it says it lives", () => reports.Runtimes.ContainsKey("process"), Patience);
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        Assert.That(await client.GetStringAsync(new Uri("/healthz", UriKind.Relative)), Is.EqualTo("ok\n"));
        Assert.That(
            await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)),
            Does.Contain("\nthreeport_agent_workloads ")
        );

        agent.Signal(System.Runtime.InteropServices.PosixSignal.SIGTERM);
        await agent.WaitForExitAsync(TimeSpan.FromSeconds(10));
        Assert.That(agent.ExitCode, Is.Zero, agent.Output);
        var messages = agent.Lines.Select(static l => JsonNode.Parse(l)!["message"]!.GetValue<string>()).ToList();
        Assert.That(messages[0], Does.Contain("of runtime process: looks at https://"));
        Assert.That(messages[^1], Is.EqualTo("Stopped"));
    }

    [Test]
    public async Task It_says_what_is_missing()
    {
        await using var agent = Start("--runtime", "x");
        await agent.WaitForExitAsync(Patience);
        Assert.That(agent.ExitCode, Is.EqualTo(2));
        Assert.That(agent.Output, Does.Contain("--api is missing (or THREEPORT_API in the environment)"));
    }

    [Test]
    public async Task It_does_not_talk_to_a_control_plane_that_its_CA_does_not_vouch_for()
    {
        using var known = Certificate("CN=known");
        await File.WriteAllTextAsync(PathOf("ca.crt"), known.ExportCertificatePem());
        await File.WriteAllTextAsync(PathOf("token"), "agent-token");
        using var stop = new CancellationTokenSource(Patience);
        using var stranger = Certificate("CN=stranger");
        Assert.That(await CallAsync(stranger, stop.Token), Is.Zero);
        Assert.That(await CallAsync(known, stop.Token), Is.EqualTo(204));
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks a server that has this certificate.</summary>
    private async Task<int> CallAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var serving = ServeAsync(listener, certificate, cancellationToken);
        using var api = new Threeport.Agent.Reporting.ControlPlane(
            new($"https://127.0.0.1:{port}"),
            PathOf("ca.crt"),
            new(null, null, PathOf("token")),
            TimeProvider.System
        );
        var answer = await api.ApplyAsync([], cancellationToken);
        await serving;
        return answer.Status;
    }

    private static async Task ServeAsync(
        TcpListener listener,
        X509Certificate2 certificate,
        CancellationToken cancellationToken
    )
    {
        using var client = await listener.AcceptTcpClientAsync(cancellationToken);
        await using var tls = new System.Net.Security.SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(
                new System.Net.Security.SslServerAuthenticationOptions { ServerCertificate = certificate },
                cancellationToken
            );
            await tls.ReadExactlyAsync(new byte[1], cancellationToken);
            await tls.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), cancellationToken);
            await tls.FlushAsync(cancellationToken);
        }
        catch (Exception exception)
            when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client hung up on the stranger.
        }
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static ChildProcess Start(params string[] arguments) => AgentProcess.Start(arguments);
}
