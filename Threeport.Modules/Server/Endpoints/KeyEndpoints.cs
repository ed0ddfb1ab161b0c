using FastEndpoints;
using Threeport.Server.Access;
using Threeport.Server.Auditing;
using Threeport.Server.Storage;

namespace Threeport.Server.Endpoints;

/// <summary><c>GET /v0/keys</c>: the keys that sensitive values are encrypted with, without the keys themselves.</summary>
internal sealed class ListKeysEndpoint(DataKeys keys, Rights rights) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Get("/v0/keys");
        AllowAnonymous();
    }

    public override Task HandleAsync(CancellationToken ct)
    {
        rights.Require(CallerAuthentication.CallerOf(HttpContext), AccessVerb.Read, Subsystem.Keys);
        RequestQuery.Require(HttpContext);
        var active = keys.Active.Id;
        var items = keys.List().Select(k => new ListedKey(k.Id, k.CreatedAt, k.ActiveAt, k.Id == active)).ToList();
        return Answers.WriteAsync(HttpContext, new ItemList<ListedKey>(items, null));
    }
}

/// <summary>
/// <c>POST /v0/keys</c>: adds a key. It encrypts once every replica knows it; what is there is then encrypted anew, and the key
/// before it goes.
/// </summary>
internal sealed class RotateKeysEndpoint(DataKeys keys, Rights rights, AuditLog audit) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Post("/v0/keys");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        var caller = CallerAuthentication.CallerOf(HttpContext);
        rights.Require(caller, AccessVerb.Update, Subsystem.Keys);
        RequestQuery.Require(HttpContext);
        var key = await keys.RotateAsync(ct);
        await audit.DoneAsync(caller, "rotate", "keys", key.Id, $"active at {key.ActiveAt:O}", ct);
        await Answers.WriteAsync(HttpContext, new ListedKey(key.Id, key.CreatedAt, key.ActiveAt, false), 202);
    }
}

/// <summary>A key, by its id.</summary>
/// <param name="Id">As it stands in what it encrypted.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ActiveAt">From when on it encrypts.</param>
/// <param name="Active">Whether it is the one that encrypts now.</param>
internal sealed record ListedKey(string Id, DateTimeOffset CreatedAt, DateTimeOffset ActiveAt, bool Active);
