using System.Globalization;
using FastEndpoints;
using Microsoft.AspNetCore.Http;
using Threeport.Server.Access;
using Threeport.Server.Auditing;

namespace Threeport.Server.Endpoints;

/// <summary><c>GET /v0/audit</c>: who did what, allowed or denied, newest first.</summary>
internal sealed class AuditEndpoint(AuditReader audit, Rights rights) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Get("/v0/audit");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        rights.Require(CallerAuthentication.CallerOf(HttpContext), AccessVerb.Read, Subsystem.Audit);
        RequestQuery.Require(HttpContext, "actor", "target", "name", "allowed", "since", "until", "limit", "continue");
        var query = new AuditQuery
        {
            Actor = RequestQuery.Single(HttpContext, "actor"),
            Target = RequestQuery.Single(HttpContext, "target"),
            Name = RequestQuery.Single(HttpContext, "name"),
            Allowed = RequestQuery.Single(HttpContext, "allowed") is null
                ? null
                : RequestQuery.Flag(HttpContext, "allowed"),
            Since = Moment(HttpContext, "since"),
            Until = Moment(HttpContext, "until"),
            Before = Continue(HttpContext),
            Limit = RequestQuery.Limit(HttpContext),
        };
        var entries = await audit.ReadAsync(query, ct);
        var next = entries.Count == query.Limit ? entries[^1].Id.ToString() : null;
        await Answers.WriteAsync(HttpContext, new ItemList<AuditEntry>(entries, next));
    }

    private static DateTimeOffset? Moment(HttpContext context, string name) =>
        RequestQuery.Single(context, name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
        && moment > DateTimeOffset.UnixEpoch
            ? moment
        : throw RequestQuery.Wrong(name, "Must be a time such as 2026-11-24T03:00:00Z.");

    private static Guid? Continue(HttpContext context) =>
        RequestQuery.Single(context, "continue") is not { } text ? null
        : Guid.TryParseExact(text, "D", out var id) ? id
        : throw RequestQuery.Wrong("continue", "Must be what the page before ended with.");
}
