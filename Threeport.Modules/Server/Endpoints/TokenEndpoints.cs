using FastEndpoints;
using Threeport.Api;
using Threeport.Server.Access;
using Threeport.Server.Auditing;

namespace Threeport.Server.Endpoints;

/// <summary><c>POST /v0/tokens</c>: issues a token, of roles that its issuer has.</summary>
internal sealed class IssueTokenEndpoint(Tokens tokens, Issuing issuing, AuditLog audit, TimeProvider time)
    : EndpointWithoutRequest
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(90);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public override void Configure()
    {
        Post("/v0/tokens");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        var caller = CallerAuthentication.CallerOf(HttpContext);
        RequestQuery.Require(HttpContext);
        var body = await RequestBody.ReadObjectAsync(HttpContext, RequestBody.MaxResource);
        var (subject, lifetime) = CredentialRequest.Read(body, Usual, Longest, Subject.MaxLength);
        issuing.Authorise(caller, subject);
        var expiresAt = time.GetUtcNow() + lifetime;
        var token = await tokens.IssueAsync(subject, expiresAt, ct, caller.Name);
        var roles = string.Join(',', subject.Roles);
        await audit.DoneAsync(caller, "issue", "tokens", subject.Name, $"{roles} until {expiresAt:O}", ct);
        await Answers.WriteAsync(HttpContext, new NewToken(token, subject.Name, subject.Roles, expiresAt), 201);
    }
}

/// <summary><c>GET /v0/tokens</c>: those that have not expired.</summary>
internal sealed class ListTokensEndpoint(Tokens tokens, Rights rights) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Get("/v0/tokens");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        rights.Require(CallerAuthentication.CallerOf(HttpContext), AccessVerb.Read, Subsystem.Credentials);
        RequestQuery.Require(HttpContext);
        await Answers.WriteAsync(HttpContext, new ItemList<IssuedCredential>(await tokens.ListAsync(ct), null));
    }
}

/// <summary><c>DELETE /v0/tokens/{id}</c>: revokes one.</summary>
internal sealed class RevokeTokenEndpoint(Tokens tokens, Rights rights, AuditLog audit) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Delete("/v0/tokens/{id}");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        var caller = CallerAuthentication.CallerOf(HttpContext);
        rights.Require(caller, AccessVerb.Delete, Subsystem.Credentials);
        RequestQuery.Require(HttpContext);
        var id = Route<string>("id")!;
        var name =
            await tokens.RevokeAsync(id, ct)
            ?? throw new ProblemException(Problems.NotFound("There is no such token. GET /v0/tokens lists them."));
        await audit.DoneAsync(caller, "revoke", "tokens", id, $"of {name}", ct);

        await Answers.WriteEmptyAsync(HttpContext, 204);
    }
}

/// <summary>The only answer that has the token.</summary>
internal sealed record NewToken(string Token, string Name, IReadOnlyList<string> Roles, DateTimeOffset ExpiresAt)
{
    /// <summary>A record would print the token.</summary>
    public override string ToString() => $"{Name} until {ExpiresAt:O}";
}
