using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>The API layer over HTTPS, for replicas that have none in their process.</summary>
internal sealed class HttpResources(ApiClient api) : IResources
{
    private const int PageSize = 500;

    public Task<T?> FindAsync<T>(string name, CancellationToken cancellationToken)
        where T : Resource, IKind =>
        api.SendAsync<T>(HttpMethod.Get, $"{Path<T>(name)}?reveal=true", body: null, cancellationToken);

    public async IAsyncEnumerable<T> ListAsync<T>(
        ResourceFilter<T> filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where T : Resource, IKind
    {
        var query = new StringBuilder($"/v0/{T.Plural}?reveal=true&limit={PageSize}");
        foreach (var (path, value) in filter.Terms)
        {
            query.Append('&').Append(Uri.EscapeDataString(path)).Append('=').Append(Uri.EscapeDataString(value));
        }

        for (string? next = ""; next is not null; )
        {
            var continued = next.Length == 0 ? "" : $"&continue={Uri.EscapeDataString(next)}";
            var page =
                await api.SendAsync<Page<T>>(HttpMethod.Get, query + continued, body: null, cancellationToken)
                ?? throw new ProblemException(Problems.NotFound($"The API knows no {T.Plural}."));
            foreach (var resource in page.Items)
            {
                yield return resource;
            }

            next = page.Continue;
        }
    }

    public async Task<T> PutAsync<T>(T resource, CancellationToken cancellationToken)
        where T : Resource, IKind
    {
        var json = (JsonObject)JsonSerializer.SerializeToNode(resource, ResourceJson.Wire)!;
        var body = new JsonObject { ["labels"] = json["labels"]?.DeepClone(), ["spec"] = json["spec"]?.DeepClone() };
        return await api.SendAsync<T>(HttpMethod.Put, $"{Path<T>(resource.Name)}?reveal=true", body, cancellationToken)
            ?? throw new ProblemException(Problems.NotFound($"The API knows no {T.Plural}."));
    }

    public async Task<bool> DeleteAsync<T>(string name, CancellationToken cancellationToken)
        where T : Resource, IKind =>
        await api.SendAsync<JsonObject>(HttpMethod.Delete, Path<T>(name), body: null, cancellationToken) is not null;

    public Task RecordEventsAsync<T>(
        string name,
        IReadOnlyList<ResourceEventRecord> events,
        CancellationToken cancellationToken
    )
        where T : Resource, IKind =>
        api.SendAsync<JsonNode>(HttpMethod.Post, $"{Path<T>(name)}/events", events, cancellationToken);

    private static string Path<T>(string name)
        where T : Resource, IKind => $"/v0/{T.Plural}/{Uri.EscapeDataString(name)}";

    private sealed record Page<T>(IReadOnlyList<T> Items, string? Continue);
}
