using Threeport.AwsServer;
using Threeport.IntegrationTests.EndToEnd.Installed;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Aws.Genesis;

/// <summary>
/// Somebody at a command line with credentials of an AWS of his own, whose clusters answer with a real API server that has no nodes: far enough
/// for all but what needs pods.
/// </summary>
internal sealed class GenesisWorld : IAsyncDisposable
{
    public const string Region = "eu-central-1";

    private readonly KubernetesServer? _kubernetes;

    private GenesisWorld(KubernetesServer? kubernetes, AwsEndpoint aws)
    {
        (_kubernetes, Aws) = (kubernetes, aws);
        Qleetctl = new(environment: Environment());
    }

    public AwsEndpoint Aws { get; }

    public Qleetctl Qleetctl { get; }

    public string Kubeconfig => _kubernetes!.Kubeconfig;

    public IReadOnlyList<AwsResource> AtAws => Aws.Control.Resources;

    /// <summary>Who the controllers in the cluster are, where no pod can be a role.</summary>
    public static AwsAccessKey Controllers { get; } = new("AKIACONTROLLERS", "controllers-secret", "controllers");

    /// <param name="hasCluster">Whether it comes to clusters.</param>
    public static async Task<GenesisWorld> StartAsync(bool hasCluster = true)
    {
        var account = new AwsAccountOptions(AwsAccountOptions.Default.Id, AwsAccountClients.Key, Controllers);
        if (!hasCluster)
        {
            return new(null, await AwsEndpoint.StartAsync(new() { Accounts = [account] }));
        }

        var kubernetes = await KubernetesServer.StartAsync();
        kubernetes.StartControllerManager();
        var backend = Backend(kubernetes.Kubeconfig);
        return new(kubernetes, await AwsEndpoint.StartAsync(new() { Accounts = [account], Clusters = _ => backend }));
    }

    public static ClusterBackend Backend(string kubeconfig)
    {
        var cluster = Threeport.Kubernetes.Kubeconfig.Parse(kubeconfig);
        var certificate = cluster is { Certificate: { } pem, CertificateKey: { } key }
            ? System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(pem, key)
            : null;
        return new(cluster.Server, cluster.CaCertificate, cluster.Token, certificate);
    }

    /// <summary>What the user has set, and nothing of what this machine may have.</summary>
    public Dictionary<string, string?> Environment() => EnvironmentOf(Aws.Address.ToString().TrimEnd('/'));

    public static Dictionary<string, string?> EnvironmentOf(string endpoint) =>
        new()
        {
            ["AWS_ENDPOINT_URL"] = endpoint,
            ["AWS_ACCESS_KEY_ID"] = AwsAccountClients.Key.Id,
            ["AWS_SECRET_ACCESS_KEY"] = AwsAccountClients.Key.Secret,
            ["AWS_SESSION_TOKEN"] = null,
            ["AWS_PROFILE"] = null,
            ["AWS_REGION"] = null,
            ["AWS_DEFAULT_REGION"] = null,
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["THREEPORT_AWS__POLL_EVERY"] = "00:00:00.2",
            ["THREEPORT_AWS__AGAIN_AFTER"] = "00:00:00.2",
            ["THREEPORT_AWS__GRACE"] = "00:00:02",
            ["THREEPORT_AWS__CALLS_PER_SECOND"] = "200",
        };

    public static string[] Up(string name, params IReadOnlyList<string> more) =>
        [
            "up",
            "--name",
            name,
            "--provider",
            "eks",
            "--aws-region",
            Region,
            "--image-registry",
            "localhost/threeport",
            .. more,
        ];

    /// <summary>The processes of a temporary control plane, its servers included.</summary>
    public static IReadOnlyList<string> ProcessesOf(string folder) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(static d => Text(Path.Combine(d, "cmdline")))
                .Where(t => t.Contains($"{folder}/", StringComparison.Ordinal) && !t.Contains("qleetctl")),
        ];

    /// <summary>What is kept on the machine, but the file that keeps two commands apart.</summary>
    public IReadOnlyList<string> Kept() =>
        Directory.Exists(Qleetctl.Installations)
            ?
            [
                .. Directory
                    .EnumerateFileSystemEntries(Qleetctl.Installations)
                    .Select(static f => Path.GetFileName(f))
                    .Where(static f => !f.EndsWith(".lock", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    public async ValueTask DisposeAsync()
    {
        await Qleetctl.DisposeAsync();
        await Aws.DisposeAsync();
        if (_kubernetes is not null)
        {
            await _kubernetes.DisposeAsync();
        }
    }

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file).Replace('\0', ' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
