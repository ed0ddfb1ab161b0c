using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Reading;
using Threeport.Server.Storage;
using Threeport.Server.Writing;

namespace Threeport.Server.Resources;

/// <summary>
/// The API layer below its transports: HTTP endpoints and the in-process <see cref="IResources"/> both end here. Every
/// method authorises the caller first; failures are <see cref="ProblemException"/>.
/// </summary>
internal sealed class ResourceApi(
    Preparation preparation,
    Writer writer,
    IResourceReader reader,
    KindStores stores,
    Rights rights,
    AccessPolicy policy,
    TimeProvider time
)
{
    /// <summary>The most writes in one request.</summary>
    public const int MaxWrites = 1_000;
    private const int MaxAttempts = 5;

    /// <summary>Validates and stores all of the writes or, if one fails, none.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="requests">At most <see cref="MaxWrites"/>. Applied in the order of their references, answered in the order given.</param>
    /// <param name="dryRun">Answer with what would be stored and store nothing.</param>
    /// <param name="cancellationToken">Of the request; a write that has reached the database is not undone by it.</param>
    /// <param name="many">Whether errors say which of the resources they are of: <c>/resources/3/spec/…</c>.</param>
    public Task<IReadOnlyList<WriteResult>> WriteAsync(
        Caller caller,
        IReadOnlyList<WriteRequest> requests,
        bool dryRun,
        CancellationToken cancellationToken,
        bool many = false
    ) =>
        AskAsync<IReadOnlyList<WriteResult>>(async () =>
        {
            RequireSane(requests);
            for (var attempt = 1; ; attempt++)
            {
                var operation = await PrepareAsync(caller, requests, dryRun, many, cancellationToken);
                try
                {
                    await writer.WriteAsync(operation, cancellationToken);
                    await policy.WrittenAsync(requests.Select(static r => r.Kind), cancellationToken);
                    return InOrderGiven(requests, operation.Results);
                }
                catch (ProblemException) when (operation.Outdated && attempt < MaxAttempts)
                {
                    // What the write was made from has changed under it: make it anew.
                }
                catch (ProblemException e) when (e.Problem.Errors is { } errors)
                {
                    throw await WithSuggestionsAsync(e.Problem, errors, cancellationToken);
                }
            }
        });

    /// <returns>The resource, sensitive fields in clear: the transport redacts them. Null when there is none.</returns>
    public Task<Resource?> FindAsync(
        Caller caller,
        KindDescriptor kind,
        string name,
        CancellationToken cancellationToken
    ) =>
        AskAsync(() =>
        {
            rights.Require(caller, AccessVerb.Read, kind);
            return reader.FindAsync(kind, name, cancellationToken);
        });

    /// <summary>Those of the names that there are, in no order.</summary>
    public Task<IReadOnlyList<Resource>> FindManyAsync(
        Caller caller,
        KindDescriptor kind,
        string[] names,
        CancellationToken cancellationToken
    ) =>
        AskAsync(() =>
        {
            rights.Require(caller, AccessVerb.Read, kind);
            return reader.FindManyAsync(kind, names, cancellationToken);
        });

    /// <summary>One page.</summary>
    public Task<ListPage> ListAsync(
        Caller caller,
        KindDescriptor kind,
        ListQuery query,
        CancellationToken cancellationToken
    ) =>
        AskAsync(() =>
        {
            rights.Require(caller, AccessVerb.Read, kind);
            return reader.ListAsync(kind, query, cancellationToken);
        });

    /// <summary>The history of a name, newest first; it outlives the resource.</summary>
    public Task<IReadOnlyList<HistoryRow>> HistoryAsync(
        Caller caller,
        KindDescriptor kind,
        string name,
        CancellationToken cancellationToken
    ) =>
        AskAsync(async () =>
        {
            rights.Require(caller, AccessVerb.Read, kind);
            var rows = await reader.HistoryAsync(kind, name, cancellationToken);
            return rows.Count > 0 || await reader.FindAsync(kind, name, cancellationToken) is not null
                ? rows
                : throw Refusals.NotFound(kind, name);
        });

    /// <summary>The events of a resource, newest first.</summary>
    public Task<IReadOnlyList<ResourceEvent>> EventsAsync(
        Caller caller,
        KindDescriptor kind,
        string name,
        CancellationToken cancellationToken
    ) =>
        AskAsync(async () =>
        {
            rights.Require(caller, AccessVerb.Read, kind);
            var resource = await reader.FindAsync(kind, name, cancellationToken) ?? throw Refusals.NotFound(kind, name);
            return await reader.EventsAsync(resource.Id, cancellationToken);
        });

    /// <summary>Adds to the events of a resource.</summary>
    public Task RecordEventsAsync(
        Caller caller,
        KindDescriptor kind,
        string name,
        IReadOnlyList<ResourceEventRecord> events,
        CancellationToken cancellationToken
    ) =>
        AskAsync(async () =>
        {
            rights.Require(caller, AccessVerb.RecordEvents, kind);
            await writer.WriteAsync(new EventWrite(stores[kind], name, events, caller), cancellationToken);
            return true;
        });

    private async Task<ClientWrite> PrepareAsync(
        Caller caller,
        IReadOnlyList<WriteRequest> requests,
        bool dryRun,
        bool many,
        CancellationToken cancellationToken
    )
    {
        var order = ReferenceOrder.Of(requests, stores);
        var prepared = await preparation.PrepareAsync(caller, requests, order, many, cancellationToken);
        return new(prepared, stores, caller, time.GetUtcNow(), dryRun) { Cancelled = cancellationToken };
    }

    private WriteResult[] InOrderGiven(IReadOnlyList<WriteRequest> requests, IReadOnlyList<WriteResult> results)
    {
        var order = ReferenceOrder.Of(requests, stores);
        var sorted = new WriteResult[results.Count];
        for (var i = 0; i < order.Count; i++)
        {
            sorted[order[i]] = results[i];
        }

        return sorted;
    }

    private static void RequireSane(IReadOnlyList<WriteRequest> requests)
    {
        if (requests.Count is 0 or > MaxWrites)
        {
            throw new ProblemException(
                Problems.Validation(new ProblemError("/resources", $"Must hold 1 to {MaxWrites} resources."))
            );
        }

        var twice = requests
            .Select(static (r, i) => (Key: (r.Kind, r.Name), Index: i))
            .GroupBy(static r => r.Key)
            .FirstOrDefault(static g => g.Count() > 1);
        if (twice is not null)
        {
            throw new ProblemException(
                Problems.Validation(
                    new ProblemError(
                        $"/resources/{twice.Last().Index}/name",
                        $"{twice.Key.Kind.Singular}/{twice.Key.Name} is there twice."
                    )
                )
            );
        }
    }

    /// <summary>Adds to references that lead nowhere what was probably meant.</summary>
    private async Task<ProblemException> WithSuggestionsAsync(
        Problem problem,
        IReadOnlyList<ProblemError> errors,
        CancellationToken cancellationToken
    )
    {
        var better = new List<ProblemError>();
        foreach (var error in errors)
        {
            var near =
                error.Detail.StartsWith("There is no ", StringComparison.Ordinal)
                && error.Detail.Split(' ') is [_, _, _, var singular, "named", ..]
                && stores.Kinds.Kinds.FirstOrDefault(k => k.Singular == singular) is { } kind
                && error.Detail.Split('"') is [_, var name, ..]
                    ? await reader.NearestNameAsync(kind, name, cancellationToken)
                    : null;
            better.Add(near is null ? error : error with { Detail = $"{error.Detail} Did you mean \"{near}\"?" });
        }

        return new(problem with { Errors = better });
    }

    /// <summary>An outage is a 503, never a 500.</summary>
    private static async Task<TAnswer> AskAsync<TAnswer>(Func<Task<TAnswer>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is not (ProblemException or OperationCanceledException) && Database.IsAway(e))
        {
            throw new ProblemException(Database.Away);
        }
    }
}
