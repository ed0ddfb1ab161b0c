using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Testcontainers.K3s;

namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>
/// A Kubernetes API server: that of <c>KUBECONFIG</c>, else etcd and kube-apiserver from the binaries on this machine (no nodes:
/// what is deployed is stored and never runs), else K3s in Docker. <see cref="Servers.KubernetesAsync"/> is shared by the whole run.
/// </summary>
internal sealed class KubernetesServer : IAsyncDisposable
{
    private readonly string? _folder;
    private readonly List<ChildProcess> _processes = [];
    private readonly K3sContainer? _container;
    private string? _controllerArguments;
    private string _apiArguments = "";

    private KubernetesServer(string? folder, K3sContainer? container)
    {
        _folder = folder;
        _container = container;
    }

    /// <summary>The text of a kubeconfig, self-contained, of an administrator.</summary>
    public string Kubeconfig { get; private set; } = "";

    /// <summary>The server's address; null where the kubeconfig came from elsewhere.</summary>
    public string? Endpoint { get; private set; }

    /// <summary>The server's CA, PEM; null where the kubeconfig came from elsewhere.</summary>
    public string? CaCertificate { get; private set; }

    /// <summary>The administrator's bearer token; null where the kubeconfig came from elsewhere.</summary>
    public string? Token { get; private set; }

    public static async Task<KubernetesServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } path)
        {
            return new(folder: null, container: null) { Kubeconfig = await File.ReadAllTextAsync(path) };
        }

        if (Machine.KubernetesBinaries is not null && Machine.Etcd is not null)
        {
            var server = new KubernetesServer(Machine.TemporaryFolder(), container: null);
            await server.StartOwnAsync();
            return server;
        }

        if (!Machine.HasDocker)
        {
            throw new InvalidOperationException(
                "The tests need Kubernetes. Set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver (build/kubernetes makes one), or KUBECONFIG, or start Docker."
            );
        }

        var container = new K3sBuilder("rancher/k3s:v1.33.1-k3s1").Build();
        await container.StartAsync();
        return new(folder: null, container) { Kubeconfig = await container.GetKubeconfigAsync() };
    }

    /// <summary>Runs kube-controller-manager too, once: Deployments then make Pods, namespaces go, owners' dependents are collected.</summary>
    public void StartControllerManager()
    {
        if (_controllerArguments is null)
        {
            return;
        }

        Run("kube-controller-manager", _controllerArguments);
        _controllerArguments = null;
    }

    /// <summary>Kills the API server; etcd stays. For a server of one's own only.</summary>
    public async Task KillApiAsync()
    {
        var api = _processes.Single(static p => p.Name == "kube-apiserver");
        await api.KillAsync();
        _processes.Remove(api);
    }

    /// <summary>Starts the API server again after <see cref="KillApiAsync"/>, and returns when it is ready.</summary>
    public async Task RestartApiAsync()
    {
        Run("kube-apiserver", _apiArguments);
        await WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        if (_container is not null)
        {
            await _container.DisposeAsync();
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task StartOwnAsync()
    {
        var (etcd, peer, port) = (Machine.FreePort(), Machine.FreePort(), Machine.FreePort());
        Endpoint = $"https://127.0.0.1:{port}";
        Token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        await WriteKeysAsync();
        Start(
            "etcd",
            Machine.Etcd!,
            $"--data-dir {_folder}/etcd --listen-client-urls http://127.0.0.1:{etcd} --advertise-client-urls http://127.0.0.1:{etcd} --listen-peer-urls http://127.0.0.1:{peer} --unsafe-no-fsync"
        );
        _apiArguments =
            $"--etcd-servers=http://127.0.0.1:{etcd} --service-cluster-ip-range=10.96.0.0/16 --cert-dir={_folder} --bind-address=127.0.0.1 --secure-port={port} --insecure-port=0 --authorization-mode=RBAC --tls-cert-file={_folder}/server.crt --tls-private-key-file={_folder}/server.key --service-account-issuer=https://kubernetes.default.svc --service-account-key-file={_folder}/server.key --service-account-signing-key-file={_folder}/server.key --token-auth-file={_folder}/tokens.csv";
        Run("kube-apiserver", _apiArguments);
        var ca = Convert.ToBase64String(Encoding.UTF8.GetBytes(CaCertificate!));
        Kubeconfig = $$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: test
              cluster: {server: "{{Endpoint}}", certificate-authority-data: "{{ca}}"}
            users:
            - name: admin
              user: {token: "{{Token}}"}
            contexts:
            - name: test
              context: {cluster: test, user: admin}
            current-context: test
            """;
        await File.WriteAllTextAsync(Path.Combine(_folder!, "kubeconfig"), Kubeconfig);
        _controllerArguments =
            $"--kubeconfig={_folder}/kubeconfig --service-account-private-key-file={_folder}/server.key --root-ca-file={_folder}/ca.crt --use-service-account-credentials=true --leader-elect=false --port=0 --secure-port=0 --kube-api-qps=500 --kube-api-burst=1000 --concurrent-gc-syncs=5";
        await WaitAsync();
    }

    private void Run(string program, string arguments) =>
        Start(program, Path.Combine(Machine.KubernetesBinaries!, program), arguments);

    private void Start(string name, string file, string arguments) =>
        _processes.Add(ChildProcess.Start(name, file, arguments.Split(' ')));

    private async Task WriteKeysAsync()
    {
        using var certificate = TestCertificate.Create();
        using var key = certificate.GetRSAPrivateKey()!;
        CaCertificate = certificate.ExportCertificatePem();
        await File.WriteAllTextAsync(Path.Combine(_folder!, "ca.crt"), CaCertificate);
        await File.WriteAllTextAsync(Path.Combine(_folder!, "server.crt"), CaCertificate);
        await File.WriteAllTextAsync(Path.Combine(_folder!, "server.key"), key.ExportRSAPrivateKeyPem());
        await File.WriteAllTextAsync(Path.Combine(_folder!, "tokens.csv"), $"{Token},admin,admin,system:masters\n");
    }

    private async Task WaitAsync()
    {
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        await Eventually.TrueAsync(
            "the Kubernetes API server is ready",
            async () =>
            {
                if (_processes.Find(static p => p.HasExited) is { } gone)
                {
                    throw new InvalidOperationException($"{gone.Name} ended:\n{gone.Output}");
                }

                using var answer = await client.GetAsync(new Uri($"{Endpoint}/readyz"));
                using var space = await client.GetAsync(new Uri($"{Endpoint}/api/v1/namespaces/default"));
                return answer.IsSuccessStatusCode && space.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(60)
        );
    }
}
