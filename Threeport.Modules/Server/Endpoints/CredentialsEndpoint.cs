using System.Text.Json;
using FastEndpoints;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;
using Threeport.Server.Resources;

namespace Threeport.Server.Endpoints;

/// <summary><c>POST /v0/credentials</c>: a token for an agent, a controller replica or a viewer.</summary>
internal sealed class CredentialsEndpoint(Tokens tokens, TimeProvider time) : EndpointWithoutRequest
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public override void Configure()
    {
        Post("/v0/credentials");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        var caller = CallerAuthentication.CallerOf(HttpContext);
        Rights.Require(caller, AccessVerb.IssueCredentials, null);
        RequestQuery.Require(HttpContext);
        var body = await RequestBody.ReadObjectAsync(HttpContext, RequestBody.MaxResource);
        if (body.Select(static m => m.Key).FirstOrDefault(static k => k is not ("role" or "name")) is { } unknown)
        {
            var shown = unknown.Length > 100 ? unknown[..100] + "…" : unknown;
            throw new ProblemException(
                Problems.Validation(
                    new ProblemError($"/{shown}", "There is no such member; members are role and name.")
                )
            );
        }

        var (role, name) = (Text(body["role"]), Text(body["name"]));
        if (role is not (Access.Roles.Agent or Access.Roles.Controller or Access.Roles.Viewer))
        {
            throw new ProblemException(
                Problems.Validation(new ProblemError("/role", "Must be agent, controller or viewer."))
            );
        }

        if (caller.Role is Access.Roles.Controller && role is not Access.Roles.Agent)
        {
            throw new ProblemException(Problems.Forbidden($"{caller.Name} may issue tokens of the role agent only."));
        }

        Labels.RequireName(name ?? "", "/name");
        var expiresAt = time.GetUtcNow() + Lifetime;
        var token = await tokens.IssueAsync(new($"{role}:{name}", role), expiresAt, ct);
        await Answers.WriteAsync(HttpContext, new AgentCredential(token, expiresAt), 201);
    }

    private static string? Text(System.Text.Json.Nodes.JsonNode? node) =>
        node?.GetValueKind() is JsonValueKind.String ? (string?)node : null;
}
