using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Threeport.AwsServer;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Aws;

/// <summary>threeport as it is installed, with an AWS of its own, behind whose clusters are real API servers.</summary>
internal sealed class EksControlPlane : IAsyncDisposable
{
    /// <summary>Another account than the one that there is when none is named.</summary>
    public static readonly AwsAccountOptions Second = new(
        "444455556666",
        new AwsAccessKey("AKIAI44QH8DHBEXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")
    );

    private readonly string _folder = Machine.TemporaryFolder();
    private readonly Dictionary<string, KubernetesServer> _clusters;
    private readonly List<ChildProcess> _agents = [];

    private EksControlPlane(HostProcess host, AwsEndpoint aws, Dictionary<string, KubernetesServer> clusters) =>
        (Host, Aws, _clusters) = (host, aws, clusters);

    public HostProcess Host { get; }

    public AwsEndpoint Aws { get; }

    public IReadOnlyDictionary<string, KubernetesServer> Clusters => _clusters;

    /// <param name="names">Of the clusters that will be made.</param>
    /// <param name="environment">More of it, for the host.</param>
    public static async Task<EksControlPlane> StartAsync(
        IReadOnlyList<string> names,
        IReadOnlyDictionary<string, string?>? environment = null
    )
    {
        var servers = await Task.WhenAll(names.Select(static _ => KubernetesServer.StartAsync()));
        Array.ForEach(servers, static s => s.StartControllerManager());
        var clusters = names.Zip(servers).ToDictionary(static p => p.First, static p => p.Second);
        var aws = await AwsEndpoint.StartAsync(
            new()
            {
                Accounts = [AwsAccountOptions.Default, Second],
                Clusters = cluster => BackendOf(clusters[cluster.Name]),
                Settings = new() { Timings = new() { Cluster = TimeSpan.FromSeconds(3) } },
            }
        );
        var host = await HostProcess.StartAsync(environment: Environment(aws, environment));
        return new(host, aws, clusters);
    }

    /// <summary>Where AWS is, the way that the SDK is told, and no more patience than an imitation needs.</summary>
    public static Dictionary<string, string?> Environment(
        AwsEndpoint aws,
        IReadOnlyDictionary<string, string?>? more = null
    ) =>
        new(more ?? new Dictionary<string, string?>())
        {
            ["AWS_ENDPOINT_URL"] = aws.Address.ToString(),
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["Threeport__Aws__PollEvery"] = "00:00:00.3",
            ["Threeport__Aws__AgainAfter"] = "00:00:00.3",
            ["Threeport__Aws__Grace"] = "00:00:02",
            ["Threeport__Agent__Image"] = "localhost/threeport-agent:test",
        };

    public static ClusterBackend BackendOf(KubernetesServer server)
    {
        var admin = Kubeconfig.Parse(server.Kubeconfig);
        return new(
            admin.Server,
            admin.CaCertificate,
            admin.Token,
            admin is { Certificate: { } pem, CertificateKey: { } key } ? X509Certificate2.CreateFromPem(pem, key) : null
        );
    }

    /// <summary>A command line that has to succeed.</summary>
    public async Task<string> CliAsync(params string[] arguments)
    {
        var (code, output) = await Host.CliAsync(arguments);
        Assert.That(code, Is.Zero, $"qleetctl {string.Join(' ', arguments)}: {output}");
        return output;
    }

    /// <summary>The path of a file with this in it, for <c>-c</c>.</summary>
    public async Task<string> FileAsync(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, content);
        return path;
    }

    public async Task<JsonNode?> FindAsync(string path)
    {
        using var response = await Host.Client.GetAsync(new Uri($"/v0/{path}", UriKind.Relative));
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonNode>() : null;
    }

    public Task IsAsync(string path, string reason, TimeSpan within) =>
        Eventually.TrueAsync(
            $"{path} is {reason}",
            async () =>
                WholeControlPlane.Reason(await FindAsync(path)) is var now && now == reason
                    ? true
                    : throw new InvalidOperationException($"{now}: {(await FindAsync(path))?["conditions"]}"),
            within
        );

    public Task GoneAsync(string path, TimeSpan within) =>
        Eventually.TrueAsync($"{path} is gone", async () => await FindAsync(path) is null, within);

    /// <summary>The pod of the agent, of a cluster whose nodes are made up.</summary>
    public async Task RunAgentAsync(string runtime)
    {
        var role = $"agent:{runtime}";
        using var response = await Host.Client.PostAsJsonAsync(
            "/v0/tokens",
            new { name = role, roles = new[] { role } }
        );
        var token = (string?)(await response.Content.ReadFromJsonAsync<JsonNode>())!["token"];
        _agents.Add(
            AgentProcess.Start([
                "--kubeconfig",
                await FileAsync($"{runtime}.kubeconfig", _clusters[runtime].Kubeconfig),
                "--api",
                Host.Address.ToString(),
                "--ca-file",
                Host.CaFile,
                "--token-file",
                await FileAsync($"{runtime}.token", token!),
                "--runtime",
                runtime,
            ])
        );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            await agent.DisposeAsync();
        }

        await Host.DisposeAsync();
        await Aws.DisposeAsync();
        await Task.WhenAll(_clusters.Values.Select(static s => s.DisposeAsync().AsTask()));
        Directory.Delete(_folder, recursive: true);
    }
}
