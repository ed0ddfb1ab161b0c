using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Threeport.Benchmarks.Clients;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.Benchmarks.Servers;

/// <summary>
/// kube-apiserver over etcd, which syncs every write as it does by default. Its limits on requests in flight are off, and the
/// controller manager's client may send 1,000 requests a second.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _binaries;
    private readonly string _folder;
    private readonly int _etcd = Ports.Next();
    private readonly int _peer = Ports.Next();
    private readonly List<ChildProcess> _processes = [];
    private Side? _side;

    private Cluster(string binaries, string folder)
    {
        _binaries = binaries;
        _folder = folder;
        Address = new($"https://127.0.0.1:{Ports.Next()}");
    }

    public Uri Address { get; }

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public string TokenFile => Path.Combine(_folder, "token");

    public string CaFile => Path.Combine(_folder, "server.crt");

    public Side Side => _side ??= new Side("kube-apiserver", Address, CaFile, TokenFile);

    public IReadOnlyList<int> Processes => [.. _processes.Select(static p => p.Id)];

    public static async Task<Cluster> StartAsync(
        string binaries,
        string folder,
        bool controllers,
        CancellationToken cancellationToken
    )
    {
        var cluster = new Cluster(binaries, folder);
        try
        {
            await cluster.WriteFilesAsync(cancellationToken);
            cluster.StartEtcd();
            cluster.LaunchApiServer();
            await cluster.ReadyAsync(cancellationToken);
            await cluster.Side.PostAsync(Documents.CustomResourceDefinitions, Documents.Kind, cancellationToken);
            if (controllers)
            {
                cluster.StartControllers();
                await cluster.Side.ExistsAsync(
                    "/api/v1/namespaces/default/serviceaccounts/default",
                    TimeSpan.FromSeconds(30),
                    cancellationToken
                );
            }

            await cluster.Side.ExistsAsync(Documents.CustomResources, TimeSpan.FromSeconds(30), cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public void LaunchApiServer() =>
        Start(
            "kube-apiserver",
            "--etcd-servers",
            $"http://127.0.0.1:{_etcd}",
            "--bind-address",
            "127.0.0.1",
            "--secure-port",
            $"{Address.Port}",
            "--insecure-port",
            "0",
            "--cert-dir",
            _folder,
            "--tls-cert-file",
            CaFile,
            "--tls-private-key-file",
            PathOf("server.key"),
            "--token-auth-file",
            PathOf("tokens.csv"),
            "--authorization-mode",
            "RBAC",
            "--service-cluster-ip-range",
            "10.96.0.0/16",
            "--service-account-issuer",
            "https://kubernetes.default.svc",
            "--service-account-key-file",
            PathOf("accounts.key"),
            "--service-account-signing-key-file",
            PathOf("accounts.key"),
            "--max-requests-inflight",
            "0",
            "--max-mutating-requests-inflight",
            "0",
            "--enable-priority-and-fairness=false"
        );

    /// <summary>Ends the API server and nothing else.</summary>
    public async Task StopApiServerAsync()
    {
        var server = _processes.Find(static p => p.Name == "kube-apiserver")!;
        _processes.Remove(server);
        server.Signal(15);
        await server.WaitForExitAsync(TimeSpan.FromSeconds(60));
        await server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _side?.Dispose();
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private void StartEtcd() =>
        Start(
            "etcd",
            "--data-dir",
            PathOf("etcd"),
            "--quota-backend-bytes",
            "8589934592",
            "--listen-client-urls",
            $"http://127.0.0.1:{_etcd}",
            "--advertise-client-urls",
            $"http://127.0.0.1:{_etcd}",
            "--listen-peer-urls",
            $"http://127.0.0.1:{_peer}"
        );

    private void StartControllers() =>
        Start(
            "kube-controller-manager",
            "--kubeconfig",
            Kubeconfig,
            "--leader-elect=false",
            "--port",
            "0",
            "--secure-port",
            "0",
            "--service-account-private-key-file",
            PathOf("accounts.key"),
            "--root-ca-file",
            CaFile,
            "--use-service-account-credentials=true",
            "--kube-api-qps",
            "1000",
            "--kube-api-burst",
            "2000"
        );

    private void Start(string program, params string[] arguments) =>
        _processes.Add(ChildProcess.Start(program, Path.Combine(_binaries, program), arguments));

    private Task ReadyAsync(CancellationToken cancellationToken) =>
        Ready.WhenAsync(
            "kube-apiserver is ready",
            async token => await Side.StatusAsync("/readyz", token) is HttpStatusCode.OK,
            TimeSpan.FromSeconds(60),
            TimeSpan.FromMilliseconds(50),
            _processes[^1],
            cancellationToken
        );

    private async Task WriteFilesAsync(CancellationToken cancellationToken)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var accounts = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(2));
        var files = new Dictionary<string, string>
        {
            ["server.crt"] = certificate.ExportCertificatePem(),
            ["server.key"] = key.ExportPkcs8PrivateKeyPem(),
            ["accounts.key"] = accounts.ExportRSAPrivateKeyPem(),
            ["token"] = token,
            ["tokens.csv"] = $"{token},admin,admin,system:masters\n",
            ["kubeconfig"] = Config(
                token,
                Convert.ToBase64String(certificate.ExportCertificatePem().Select(static c => (byte)c).ToArray())
            ),
        };
        foreach (var (name, text) in files)
        {
            await File.WriteAllTextAsync(PathOf(name), text, cancellationToken);
        }
    }

    private string Config(string token, string ca) =>
        $$$"""
            apiVersion: v1
            kind: Config
            current-context: bench
            contexts: [{name: bench, context: {cluster: bench, user: admin}}]
            clusters: [{name: bench, cluster: {server: "{{{Address.GetLeftPart(
                UriPartial.Authority
            )}}}", certificate-authority-data: "{{{ca}}}"}}]
            users: [{name: admin, user: {token: "{{{token}}}"}}]
            """;

    private string PathOf(string name) => Path.Combine(_folder, name);
}
