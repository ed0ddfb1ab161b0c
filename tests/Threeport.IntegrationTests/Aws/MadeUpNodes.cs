using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Aws;

/// <summary>What the nodes of a cluster say that has none: the pods that there are run.</summary>
internal sealed class MadeUpNodes : IDisposable
{
    private readonly HttpClient _http;

    public MadeUpNodes(KubernetesServer server)
    {
        var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        _http = new(handler) { BaseAddress = new(server.Endpoint!) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
    }

    public async Task RunAsync()
    {
        var pods = await _http.GetFromJsonAsync<JsonNode>("/api/v1/pods");
        foreach (var pod in pods!["items"]!.AsArray().Where(static p => (string?)p!["status"]?["phase"] == "Pending"))
        {
            var (space, name) = ((string?)pod!["metadata"]!["namespace"], (string?)pod["metadata"]!["name"]);
            using var status = JsonContent.Create(
                new
                {
                    status = new { phase = "Running", conditions = new[] { new { type = "Ready", status = "True" } } },
                },
                new MediaTypeHeaderValue("application/strategic-merge-patch+json")
            );
            using var answer = await _http.PatchAsync(
                new Uri($"/api/v1/namespaces/{space}/pods/{name}/status", UriKind.Relative),
                status
            );
            answer.EnsureSuccessStatusCode();
        }
    }

    public void Dispose() => _http.Dispose();
}
