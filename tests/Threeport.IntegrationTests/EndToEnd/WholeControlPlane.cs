using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.EndToEnd;

/// <summary>The processes as they are installed: threeport, the agent, and a real Kubernetes API server with its controllers.</summary>
internal sealed class WholeControlPlane : IAsyncDisposable
{
    private readonly string _folder = Machine.TemporaryFolder();
    private ChildProcess? _agent;

    private WholeControlPlane(HostProcess host, KubernetesServer kubernetes) => (Host, Kubernetes) = (host, kubernetes);

    public HostProcess Host { get; }

    public KubernetesServer Kubernetes { get; }

    public static Task<WholeControlPlane> StartAsync(params IReadOnlyList<string> hostArguments) =>
        StartAsync(() => HostProcess.StartAsync(hostArguments));

    /// <param name="start">Starts the host.</param>
    public static async Task<WholeControlPlane> StartAsync(Func<Task<HostProcess>> start)
    {
        var kubernetes = await KubernetesServer.StartAsync();
        kubernetes.StartControllerManager();
        var whole = new WholeControlPlane(await start(), kubernetes);
        await whole.AttachAsync();
        return whole;
    }

    /// <summary>A client of the cluster, to look at what is really there.</summary>
    public ClusterClient Cluster() => new(Kubeconfig.Parse(Kubernetes.Kubeconfig));

    public async Task<JsonNode> PutAsync(string path, JsonObject spec, string query = "")
    {
        using var response = await Host.Client.PutAsJsonAsync($"/v0/{path}{query}", new JsonObject { ["spec"] = spec });
        var body = await response.Content.ReadFromJsonAsync<JsonNode>();
        Assert.That(response.IsSuccessStatusCode, Is.True, $"{path}: {body?.ToJsonString()}");
        return body!;
    }

    public async Task<JsonNode?> FindAsync(string path)
    {
        using var response = await Host.Client.GetAsync(new Uri($"/v0/{path}", UriKind.Relative));
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonNode>() : null;
    }

    /// <summary>The whole list of a kind.</summary>
    public async Task<IReadOnlyList<JsonNode>> ListAsync(string plural, string query = "")
    {
        var body = await Host.Client.GetFromJsonAsync<JsonNode>($"/v0/{plural}?limit=500{query}");
        return [.. body!["items"]!.AsArray().Select(static i => i!)];
    }

    public static string Reason(JsonNode? resource) =>
        (string?)
            resource?["conditions"]?.AsArray().FirstOrDefault(static c => (string?)c!["type"] == "Ready")?["reason"]
        ?? "";

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        await Host.DisposeAsync();
        await Kubernetes.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Registers the cluster, and runs the agent beside the host as for a cluster that cannot pull its image.</summary>
    private async Task AttachAsync()
    {
        await PutAsync("kubernetes-runtime-definitions/local", new() { ["infraProvider"] = "existing" });
        await PutAsync(
            "kubernetes-runtime-instances/local",
            new()
            {
                ["kubernetesRuntimeDefinition"] = "local",
                ["defaultRuntime"] = true,
                ["kubeconfig"] = Kubernetes.Kubeconfig,
                ["agent"] = "External",
            }
        );
        using var response = await Host.Client.PostAsJsonAsync(
            "/v0/tokens",
            new { name = "agent:local", roles = new[] { "agent:local" } }
        );
        var token = (await response.Content.ReadFromJsonAsync<JsonNode>())!["token"]!.GetValue<string>();
        await File.WriteAllTextAsync(Path.Combine(_folder, "token"), token);
        await File.WriteAllTextAsync(Path.Combine(_folder, "kubeconfig"), Kubernetes.Kubeconfig);
        _agent = AgentProcess.Start([
            "--kubeconfig",
            Path.Combine(_folder, "kubeconfig"),
            "--api",
            Host.Address.ToString(),
            "--ca-file",
            Host.CaFile,
            "--token-file",
            Path.Combine(_folder, "token"),
            "--runtime",
            "local",
        ]);
        await Eventually.TrueAsync(
            "the runtime is ready and its agent connected",
            async () =>
                await FindAsync("kubernetes-runtime-instances/local") is { } runtime
                && Reason(runtime) == "Ready"
                && (string?)runtime["status"]!["agent"] == "Connected",
            TimeSpan.FromSeconds(60)
        );
    }
}
