using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threeport.IntegrationTests.EndToEnd;
using Threeport.IntegrationTests.Infrastructure;

namespace Threeport.IntegrationTests.Faults;

/// <summary>Workloads of one ConfigMap each that are created and deleted, what was answered, and what must come of it.</summary>
internal sealed class WorkloadChurn(WholeControlPlane whole)
{
    private readonly Dictionary<string, bool?> _wanted = [];

    /// <summary>Creations and deletions that were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Those that were not: they may be stored.</summary>
    public int Unknown { get; private set; }

    public async Task DefineAsync(IEnumerable<int> indices)
    {
        foreach (var chunk in indices.Chunk(100))
        {
            var definitions = chunk.Select(static i => new JsonObject
            {
                ["kind"] = "workload-definition",
                ["name"] = $"w-{i}",
                ["spec"] = new JsonObject
                {
                    ["yamlDocument"] = $$"""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: w-{{i}}, namespace: default}
                        data: {index: "{{i}}"}
                        """,
                },
            });
            using var answer = await whole.Host.Client.PostAsJsonAsync(
                "/v0/apply",
                new JsonObject { ["resources"] = new JsonArray([.. definitions]) }
            );
            Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
        }
    }

    public Task<bool> CreateAsync(int index) =>
        SendAsync(
            $"w-{index}",
            HttpMethod.Post,
            "/v0/workload-instances",
            new JsonObject
            {
                ["name"] = $"w-{index}",
                ["spec"] = new JsonObject { ["workloadDefinition"] = $"w-{index}" },
            }
        );

    public Task<bool> DeleteAsync(int index) =>
        SendAsync($"w-{index}", HttpMethod.Delete, $"/v0/workload-instances/w-{index}", null);

    /// <summary>Everything is Healthy or gone; what was answered is so; the cluster holds that and nothing else.</summary>
    public async Task SettledAsync(TimeSpan within)
    {
        await Eventually.TrueAsync("every workload is Healthy or gone", IsSettledAsync, within);
        var there = (await whole.ListAsync("workload-instances")).Select(static w => (string)w["name"]!).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(there, Is.Unique);
            Assert.That(_wanted.Where(static w => w.Value == true).Select(static w => w.Key), Is.SubsetOf(there));
            Assert.That(there.Where(name => _wanted[name] == false), Is.Empty, "deleted and answered");
        });
        using var cluster = whole.Cluster();
        var resource = await cluster.FindResourceAsync("v1", "ConfigMap", CancellationToken.None);
        var found = await cluster.ListAsync(
            resource!,
            new() { Namespace = "default", LabelSelector = "app.kubernetes.io/managed-by=threeport" },
            CancellationToken.None
        );
        Assert.That(found.Items.Select(static o => (string)o["metadata"]!["name"]!), Is.EquivalentTo(there));
    }

    private async Task<bool> IsSettledAsync()
    {
        var unsettled = (await whole.ListAsync("workload-instances"))
            .Where(static w => WholeControlPlane.Reason(w) != "Healthy" || w["deletionRequestedAt"] is not null)
            .ToList();
        return unsettled.Count == 0
            ? true
            : throw new InvalidOperationException(
                $"{unsettled.Count} are not, such as {unsettled[0].ToJsonString()}\n{whole.Host.Log}"
            );
    }

    /// <returns>Whether it was answered. Only success and 503 are answers that a fault excuses.</returns>
    private async Task<bool> SendAsync(string name, HttpMethod method, string path, JsonObject? body)
    {
        var there = method == HttpMethod.Post;
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            request.Content = body is null ? null : JsonContent.Create(body);
            using var answer = await whole.Host.Client.SendAsync(request);
            // Whose creation was not answered may not be there: then that is settled now.
            var isMissing = answer.StatusCode is HttpStatusCode.NotFound && _wanted[name] is null;
            if (answer.IsSuccessStatusCode || isMissing)
            {
                Answered++;
                _wanted[name] = there;
                return true;
            }

            if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable)
            {
                throw new AssertionException($"{method} {path}: {await answer.Content.ReadAsStringAsync()}");
            }
        }
        catch (HttpRequestException)
        {
            // The connection broke: it may be stored.
        }

        Unknown++;
        _wanted[name] = null;
        return false;
    }
}
