using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Resources;
using Threeport.Server.Watching;
using Threeport.Server.Writing;

namespace Threeport.Server.Endpoints;

/// <summary>What the endpoints of every kind do.</summary>
internal sealed class ResourceRequests(ResourceApi api, Rights rights, ReconcileWait waiting)
{
    /// <summary>How many unknown members are named at the most.</summary>
    private const int MaxErrors = 20;

    public async Task ListAsync(HttpContext context, KindDescriptor kind)
    {
        RevealIfAsked(context, kind);
        var page = await api.ListAsync(
            CallerAuthentication.CallerOf(context),
            kind,
            RequestQuery.List(context),
            context.RequestAborted
        );
        await Answers.WriteAsync(context, new ItemList<object>(page.Items, page.Continue));
    }

    public async Task GetAsync(HttpContext context, KindDescriptor kind)
    {
        RequestQuery.Require(context, "reveal");
        RevealIfAsked(context, kind);
        var name = NameOf(context);
        var resource =
            await api.FindAsync(CallerAuthentication.CallerOf(context), kind, name, context.RequestAborted)
            ?? throw Refusals.NotFound(kind, name);
        if (context.Request.Headers.IfNoneMatch.ToString() == Answers.ETag(resource))
        {
            context.Response.Headers.ETag = Answers.ETag(resource);
            await Answers.WriteEmptyAsync(context, 304);
            return;
        }

        await Answers.WriteResourceAsync(context, resource, 200);
    }

    public async Task WriteAsync(HttpContext context, KindDescriptor kind, WriteVerb verb)
    {
        var caller = CallerAuthentication.CallerOf(context);
        // Before the body is read: who may not write cannot make us read either.
        rights.RequireWrite(caller, verb, kind);
        RequestQuery.Require(context, "dryRun", "wait", "reveal");
        RevealIfAsked(context, kind);
        var request = await ReadAsync(context, kind, verb);
        var (dryRun, wait) = (RequestQuery.DryRun(context), RequestQuery.Wait(context));
        var result = (await api.WriteAsync(caller, [request], dryRun, context.RequestAborted))[0];
        if (wait is { } limit && !dryRun)
        {
            result = await WaitAsync(context, kind, result, limit);
        }

        context.Response.Headers["Threeport-Action"] = result.Action.ToString().ToLowerInvariant();
        await Answers.WriteResourceAsync(context, result.Resource, Status(result.Action));
    }

    public async Task HistoryAsync(HttpContext context, KindDescriptor kind)
    {
        RequestQuery.Require(context);
        var rows = await api.HistoryAsync(
            CallerAuthentication.CallerOf(context),
            kind,
            NameOf(context),
            context.RequestAborted
        );
        await Answers.WriteAsync(context, new ItemList<HistoryRow>(rows, null));
    }

    public async Task EventsAsync(HttpContext context, KindDescriptor kind)
    {
        RequestQuery.Require(context);
        var events = await api.EventsAsync(
            CallerAuthentication.CallerOf(context),
            kind,
            NameOf(context),
            context.RequestAborted
        );
        await Answers.WriteAsync(context, new ItemList<ResourceEvent>(events, null));
    }

    public async Task RecordEventsAsync(HttpContext context, KindDescriptor kind)
    {
        var caller = CallerAuthentication.CallerOf(context);
        rights.Require(caller, AccessVerb.RecordEvents, kind);
        RequestQuery.Require(context);
        var body = await RequestBody.ReadAsync(context, RequestBody.MaxResource);
        var events = EventList.Read(body);
        await api.RecordEventsAsync(caller, kind, NameOf(context), events, context.RequestAborted);
        await Answers.WriteEmptyAsync(context, 204);
    }

    /// <summary>
    /// Checks a resource's envelope: that it has no member which means nothing, and names what the request names. What a GET
    /// answers with beside what a client writes is accepted, so that what was read can be sent back, and ignored.
    /// </summary>
    public static void CheckMembers(JsonObject body, KindDescriptor kind, string? name, string prefix)
    {
        var errors = new List<ProblemError>();
        foreach (var unknown in body.Select(static m => m.Key).Except(ResourceJson.Members).Take(MaxErrors))
        {
            var near = Suggestion.For(unknown, ResourceJson.Members);
            var hint = near is null ? "Members are name, labels and spec." : $"Did you mean \"{near}\"?";
            errors.Add(new($"{prefix}/{Shown(unknown)}", $"There is no member \"{Shown(unknown)}\". {hint}"));
        }

        if (body["kind"] is { } said && !IsText(said, kind.Singular) && !IsText(said, kind.Plural))
        {
            errors.Add(new($"{prefix}/kind", $"Must be \"{kind.Singular}\" here, or be left out."));
        }

        if (name is not null && body["name"] is { } other && !IsText(other, name))
        {
            errors.Add(new($"{prefix}/name", $"Must be \"{Shown(name)}\", as in the path, or be left out."));
        }

        if (errors.Count > 0)
        {
            throw new ProblemException(Problems.Validation(errors));
        }
    }

    private void RevealIfAsked(HttpContext context, KindDescriptor kind)
    {
        if (RequestQuery.AsksReveal(context))
        {
            rights.RequireReveal(CallerAuthentication.CallerOf(context), kind);
            context.Items[RequestQuery.Reveal] = true;
        }
    }

    private static async Task<WriteRequest> ReadAsync(HttpContext context, KindDescriptor kind, WriteVerb verb)
    {
        var match = RequestQuery.IfMatch(context);
        if (verb is WriteVerb.Delete)
        {
            return new(kind, verb, NameOf(context), null, match);
        }

        var body = await RequestBody.ReadObjectAsync(
            context,
            RequestBody.MaxResource,
            verb is WriteVerb.Patch ? ["application/merge-patch+json"] : []
        );
        var name = verb is WriteVerb.Create ? NameIn(body, "") : NameOf(context);
        CheckMembers(body, kind, name, "");
        return new(kind, verb, name, body, match);
    }

    public static string NameIn(JsonObject body, string prefix) =>
        body["name"] is { } name && name.GetValueKind() is JsonValueKind.String
            ? (string)name!
            : throw new ProblemException(
                Problems.Validation(
                    new ProblemError($"{prefix}/name", "Is required: a DNS label of 1 to 63 characters.")
                )
            );

    private async Task<WriteResult> WaitAsync(
        HttpContext context,
        KindDescriptor kind,
        WriteResult result,
        TimeSpan limit
    )
    {
        var (reached, now) = await waiting.UntilSettledAsync(kind, result.Resource, limit, context.RequestAborted);
        if (!reached)
        {
            context.Response.Headers["Threeport-Wait"] = "timeout";
        }

        var gone = result.Action is WriteAction.Deleting && now is null;
        return new(gone ? WriteAction.Deleted : result.Action, now ?? result.Resource);
    }

    private static int Status(WriteAction action) =>
        action switch
        {
            WriteAction.Created => 201,
            WriteAction.Deleting => 202,
            _ => 200,
        };

    private static string NameOf(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static string Shown(string text) => text.Length > 100 ? text[..100] + "…" : text;

    private static bool IsText(JsonNode node, string text) =>
        node.GetValueKind() is JsonValueKind.String && (string?)node == text;
}

/// <summary>A list's answer.</summary>
internal sealed record ItemList<T>(IReadOnlyList<T> Items, string? Continue);
