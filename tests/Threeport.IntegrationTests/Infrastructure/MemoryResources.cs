using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.IntegrationTests.Infrastructure;

/// <summary>
/// Resources in memory, and passes over them, for tests of reconcilers against a real cluster: what is read is a copy, what a
/// pass leaves is stored as the API layer would store it.
/// </summary>
internal sealed class MemoryResources : IResources
{
    private readonly Dictionary<(Type, string), Resource> _resources = [];

    public List<(string Name, ResourceEventRecord Event)> Events { get; } = [];

    /// <summary>How often a status was stored in the middle of a pass.</summary>
    public int Checkpoints { get; private set; }

    /// <summary>Asked before and after everything a pass stores: whether the process dies of it.</summary>
    public Func<string, bool> Dies { get; set; } = static _ => false;

    /// <summary>Throws after the next checkpoint: the process that dies.</summary>
    public bool DieAtCheckpoint { get; set; }

    public Task<T?> FindAsync<T>(string name, CancellationToken cancellationToken)
        where T : Resource, IKind =>
        Task.FromResult(_resources.GetValueOrDefault((typeof(T), name)) is T found ? Copy(found) : null);

    public async IAsyncEnumerable<T> ListAsync<T>(
        ResourceFilter<T> filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where T : Resource, IKind
    {
        await Task.CompletedTask;
        var matching = _resources.Values.OfType<T>().Where(r => filter.Terms.All(t => Matches(r, t)));
        foreach (var resource in matching.OrderBy(static r => r.Name, StringComparer.Ordinal).ToList())
        {
            yield return Copy(resource);
        }
    }

    public Task<T> PutAsync<T>(T resource, CancellationToken cancellationToken)
        where T : Resource, IKind => Task.FromResult(Put(resource));

    public T Put<T>(T resource)
        where T : Resource, IKind
    {
        var current = _resources.GetValueOrDefault((typeof(T), resource.Name));
        var stored = Copy(resource);
        stored.Id = current?.Id ?? Guid.CreateVersion7();
        stored.Generation = (current?.Generation ?? 0) + 1;
        stored.UpdatedAt = TimeProvider.System.GetUtcNow();
        stored.Conditions = resource.Conditions.Count > 0 ? resource.Conditions : current?.Conditions ?? [];
        stored.ObservedGeneration = stored.Ready.Status is ConditionStatus.True ? stored.Generation : 0;
        if (current is not null)
        {
            typeof(T).GetProperty("Status")!.SetValue(stored, typeof(T).GetProperty("Status")!.GetValue(current));
        }

        _resources[(typeof(T), resource.Name)] = stored;
        return Copy(stored);
    }

    public Task<bool> DeleteAsync<T>(string name, CancellationToken cancellationToken)
        where T : Resource, IKind => Task.FromResult(_resources.Remove((typeof(T), name)));

    public Task RecordEventsAsync<T>(
        string name,
        IReadOnlyList<ResourceEventRecord> events,
        CancellationToken cancellationToken
    )
        where T : Resource, IKind
    {
        Events.AddRange(events.Select(e => (name, e)));
        return Task.CompletedTask;
    }

    /// <summary>One pass over a resource, and what it comes to.</summary>
    public async Task<Result> PassAsync<T>(
        IReconciler<T> reconciler,
        string name,
        bool finalize = false,
        CancellationToken cancellationToken = default
    )
        where T : Resource, IKind
    {
        var pass = new Pass<T>(Copy((T)_resources[(typeof(T), name)]), 1, CheckpointAsync);
        var result = finalize
            ? await reconciler.FinalizeAsync(pass, cancellationToken)
            : await reconciler.ReconcileAsync(pass, cancellationToken);
        DieIf("before the end");
        var ready = new Condition(Condition.ReadyType, result.Status, result.Reason, result.Message);
        pass.Resource.Conditions =
        [
            .. pass.Resource.Conditions.Where(c => c.Type != ready.Type && !pass.Conditions.ContainsKey(c.Type)),
            .. pass.Conditions.Values,
            ready with
            {
                Since = TimeProvider.System.GetUtcNow(),
            },
        ];
        pass.Resource.ObservedGeneration = pass.Resource.Generation;
        _resources[(typeof(T), name)] = Copy(pass.Resource);
        await RecordEventsAsync<T>(name, pass.Events, CancellationToken.None);
        DieIf("after the end");
        return result;
    }

    /// <summary>Asks for the end of a resource, as the API layer would note it.</summary>
    public void MarkDeleted<T>(string name)
        where T : Resource, IKind =>
        _resources[(typeof(T), name)].DeletionRequestedAt ??= TimeProvider.System.GetUtcNow();

    public T Get<T>(string name)
        where T : Resource, IKind => Copy((T)_resources[(typeof(T), name)]);

    private Task CheckpointAsync<T>(T resource, CancellationToken cancellationToken)
        where T : Resource, IKind
    {
        DieIf("before a checkpoint");
        Checkpoints++;
        _resources[(typeof(T), resource.Name)] = Copy(resource);
        DieIf("after a checkpoint");
        if (DieAtCheckpoint)
        {
            DieAtCheckpoint = false;
            throw new PassLostException("killed");
        }

        return Task.CompletedTask;
    }

    private void DieIf(string point)
    {
        if (Dies(point))
        {
            throw new PassLostException("killed");
        }
    }

    private static bool Matches(Resource resource, KeyValuePair<string, string> term)
    {
        JsonNode? node = JsonSerializer.SerializeToNode(resource, resource.GetType(), JsonSerializerOptions.Web);
        foreach (var part in term.Key.Split('.'))
        {
            node = node?[part];
        }

        return node?.ToString() == term.Value;
    }

    private static T Copy<T>(T resource)
        where T : Resource =>
        JsonSerializer.Deserialize<T>(
            JsonSerializer.Serialize(resource, JsonSerializerOptions.Web),
            JsonSerializerOptions.Web
        )!;
}
