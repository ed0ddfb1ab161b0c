using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;

namespace Threeport.Server.Resources;

/// <summary>The transport inside one process: straight into the API layer, as the caller of the scope.</summary>
internal sealed class InProcessResources(ResourceApi api, KindCatalog kinds, Rights rights, CallerContext context)
    : IResources
{
    private Caller Caller =>
        context.Caller ?? throw new ProblemException(Problems.Unauthenticated("Nobody is known to ask."));

    public async Task<T?> FindAsync<T>(string name, CancellationToken cancellationToken)
        where T : Resource, IKind => (T?)await api.FindAsync(Caller, Revealed<T>(), name, cancellationToken);

    public async IAsyncEnumerable<T> ListAsync<T>(
        ResourceFilter<T> filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where T : Resource, IKind
    {
        var terms = filter.Terms.Select(static t => new FilterTerm(t.Key, false, t.Value)).ToList();
        string? next = null;
        do
        {
            var page = await api.ListAsync(
                Caller,
                Revealed<T>(),
                new(terms, null, ListQuery.MaxLimit, next),
                cancellationToken
            );
            foreach (var resource in page.Items)
            {
                yield return (T)resource;
            }

            next = page.Continue;
        } while (next is not null);
    }

    public async Task<T> PutAsync<T>(T resource, CancellationToken cancellationToken)
        where T : Resource, IKind
    {
        var body = (JsonObject)JsonSerializer.SerializeToNode(resource, ResourceJson.Wire)!;
        var request = new WriteRequest(Revealed<T>(), WriteVerb.Put, resource.Name, body);
        var results = await api.WriteAsync(Caller, [request], dryRun: false, cancellationToken);
        return (T)results[0].Resource;
    }

    public async Task<bool> DeleteAsync<T>(string name, CancellationToken cancellationToken)
        where T : Resource, IKind
    {
        try
        {
            var request = new WriteRequest(kinds[typeof(T)], WriteVerb.Delete, name);
            await api.WriteAsync(Caller, [request], dryRun: false, cancellationToken);
            return true;
        }
        catch (ProblemException e) when (e.Problem.Status == 404)
        {
            return false;
        }
    }

    public Task RecordEventsAsync<T>(
        string name,
        IReadOnlyList<ResourceEventRecord> events,
        CancellationToken cancellationToken
    )
        where T : Resource, IKind => api.RecordEventsAsync(Caller, kinds[typeof(T)], name, events, cancellationToken);

    /// <summary>Resources come with their sensitive values: there is no transport here that would leave them out.</summary>
    private KindDescriptor Revealed<T>()
        where T : Resource, IKind
    {
        var kind = kinds[typeof(T)];
        rights.RequireReveal(Caller, kind);
        return kind;
    }
}
