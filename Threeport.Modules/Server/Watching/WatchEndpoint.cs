using FastEndpoints;
using Microsoft.AspNetCore.Http;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Endpoints;
using Threeport.Server.Resources;

namespace Threeport.Server.Watching;

/// <summary>
/// <c>GET /v0/watch?kinds=a,b</c>: server-sent events; without kinds, of all that the caller may read. First what there is (<c>put</c> for each resource, then <c>synced</c>), then
/// each change. With <c>Last-Event-ID</c> only what changed since; when that cannot be told any more, <c>reset</c> and everything anew.
/// </summary>
internal sealed class WatchEndpoint(
    ChangeHub hub,
    ChangeLog changes,
    ResourceApi api,
    KindCatalog kinds,
    Rights rights,
    Authenticator authenticator,
    TimeProvider time
) : EndpointWithoutRequest
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public override void Configure()
    {
        Get("/v0/watch");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        RequestQuery.Require(HttpContext, "kinds");
        var caller = CallerAuthentication.CallerOf(HttpContext);
        var watched = Kinds(HttpContext.Request.Query["kinds"].ToString(), caller);
        var last = LogPosition.Resume(HttpContext.Request.Headers["Last-Event-ID"]);
        var writer = new SseWriter(HttpContext);
        await writer.StartAsync(ct);
        ServerMetrics.Watchers.Add(1);
        try
        {
            var guard = new WatchGuard(HttpContext, watched, authenticator, rights, time);
            await StreamAsync(caller, watched, last, writer, guard, ct);
        }
        finally
        {
            ServerMetrics.Watchers.Add(-1);
        }
    }

    private async Task StreamAsync(
        Caller caller,
        HashSet<KindDescriptor> watched,
        LogPosition? last,
        SseWriter writer,
        WatchGuard guard,
        CancellationToken cancellationToken
    )
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using var subscription = hub.Subscribe(c => watched.Contains(c.Kind));
            if (hub.Position is not { } position)
            {
                await writer.CommentAsync("waiting for the broker", cancellationToken);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
                continue;
            }

            if (last is { } from && ChangeLog.Covers(position, from, time))
            {
                await CatchUpAsync(watched, from, position, writer, cancellationToken);
            }
            else
            {
                await WriteAllAsync(caller, watched, position, reset: last is not null, writer, cancellationToken);
            }

            last = await FollowAsync(subscription, position, writer, guard, cancellationToken);
        }
    }

    private async Task WriteAllAsync(
        Caller caller,
        HashSet<KindDescriptor> watched,
        LogPosition position,
        bool reset,
        SseWriter writer,
        CancellationToken cancellationToken
    )
    {
        if (reset)
        {
            await writer.EventAsync("reset", null, "{}", cancellationToken);
        }

        foreach (var kind in watched)
        {
            string? next = null;
            do
            {
                var page = await api.ListAsync(
                    caller,
                    kind,
                    new([], null, ListQuery.MaxLimit, next),
                    cancellationToken
                );
                foreach (var resource in page.Items)
                {
                    await writer.PutAsync(null, resource, cancellationToken);
                }

                next = page.Continue;
            } while (next is not null);
        }

        await writer.EventAsync("synced", position.ToString(), "{}", cancellationToken);
    }

    private async Task CatchUpAsync(
        HashSet<KindDescriptor> watched,
        LogPosition from,
        LogPosition to,
        SseWriter writer,
        CancellationToken cancellationToken
    )
    {
        if (from.Sequence < to.Sequence)
        {
            var log = changes.AfterAsync(from, cancellationToken);
            await foreach (var chunk in log.InChunks(ChangeHub.MaxChunk, cancellationToken))
            {
                var missed = chunk.Where(c => watched.Contains(c.Kind)).ToList();
                foreach (var change in await hub.LoadAsync(missed, cancellationToken))
                {
                    await writer.ChangeAsync(change, cancellationToken);
                }

                if (chunk[^1].Position.Sequence >= to.Sequence)
                {
                    break;
                }
            }
        }

        await writer.EventAsync("synced", to.ToString(), "{}", cancellationToken);
    }

    /// <returns>Where it ended: the listener fell behind, or the log broke off.</returns>
    private async Task<LogPosition> FollowAsync(
        Subscription subscription,
        LogPosition position,
        SseWriter writer,
        WatchGuard guard,
        CancellationToken cancellationToken
    )
    {
        var next = subscription.Changes.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            await guard.RequireAsync();
            try
            {
                if (!await next.WaitAsync(Heartbeat, time, cancellationToken))
                {
                    return position;
                }
            }
            catch (TimeoutException)
            {
                await writer.CommentAsync("still here", cancellationToken);
                continue;
            }

            while (subscription.Changes.TryRead(out var change))
            {
                if (change.Position.Sequence > position.Sequence)
                {
                    await writer.ChangeAsync(change, cancellationToken);
                    position = change.Position;
                }
            }

            next = subscription.Changes.WaitToReadAsync(cancellationToken).AsTask();
        }
    }

    private HashSet<KindDescriptor> Kinds(string text, Caller caller)
    {
        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length == 0)
        {
            var allowed = kinds.Kinds.Where(k => rights.Grants(caller, AccessVerb.Read, k.Plural)).ToHashSet();
            if (allowed.Count > 0)
            {
                return allowed;
            }
        }

        var watched = names.Length == 0 ? [.. kinds.Kinds] : names.Select(Kind).ToHashSet();
        foreach (var kind in watched)
        {
            rights.Require(caller, AccessVerb.Read, kind);
        }

        return watched;
    }

    private KindDescriptor Kind(string name)
    {
        if (kinds.Find(name) is { } kind)
        {
            return kind;
        }

        var near = Suggestion.For(name, kinds.Kinds.Select(static k => k.Plural));
        var hint = near is null ? "GET /v0/kinds lists them." : $"Did you mean \"{near}\"?";
        throw new ProblemException(
            Problems.Validation(new ProblemError("?kinds", $"There is no kind \"{name}\". {hint}"))
        );
    }
}
