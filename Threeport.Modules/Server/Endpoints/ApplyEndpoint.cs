using System.Text.Json;
using System.Text.Json.Nodes;
using FastEndpoints;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Resources;
using Threeport.Server.Watching;

namespace Threeport.Server.Endpoints;

/// <summary><c>POST /v0/apply</c>: creates or replaces many resources of any kinds, all of them or none.</summary>
internal sealed class ApplyEndpoint(ResourceApi api, KindCatalog kinds, ReconcileWait waiting) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Post("/v0/apply");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        RequestQuery.Require(HttpContext, "dryRun", "wait");
        var (dryRun, wait) = (RequestQuery.DryRun(HttpContext), RequestQuery.Wait(HttpContext));
        var requests = Read(await RequestBody.ReadObjectAsync(HttpContext, RequestBody.MaxApply));
        var caller = CallerAuthentication.CallerOf(HttpContext);
        var results = await api.WriteAsync(caller, requests, dryRun, ct, many: true);
        if (wait is { } limit && !dryRun)
        {
            results = await WaitAsync(results, limit, ct);
        }

        await Answers.WriteAsync(
            HttpContext,
            new ApplyAnswer([.. results.Select(static r => new Applied(r.Action, r.Resource))])
        );
    }

    private List<WriteRequest> Read(JsonObject body)
    {
        if (body["resources"] is not JsonArray resources || body.Count != 1)
        {
            throw new ProblemException(
                Problems.Validation(
                    new ProblemError("/resources", "Is required: a list of resources; and there is no other member.")
                )
            );
        }

        return [.. resources.Select(Read)];
    }

    private WriteRequest Read(JsonNode? node, int index)
    {
        var prefix = $"/resources/{index}";
        if (node is not JsonObject resource)
        {
            throw new ProblemException(Problems.Validation(new ProblemError(prefix, "Must be an object.")));
        }

        var kind = KindOf(resource["kind"], prefix);
        ResourceRequests.CheckMembers(resource, kind, null, prefix);
        return new(kind, WriteVerb.Put, ResourceRequests.NameIn(resource, prefix), resource);
    }

    private KindDescriptor KindOf(JsonNode? node, string prefix)
    {
        var name = node?.GetValueKind() is JsonValueKind.String ? (string)node! : null;
        if (kinds.Kinds.FirstOrDefault(k => k.Singular == name || k.Plural == name) is { } kind)
        {
            return kind;
        }

        var near = name is null ? null : Suggestion.For(name, kinds.Kinds.Select(static k => k.Singular));
        var hint = near is null
            ? $"Kinds are {string.Join(", ", kinds.Kinds.Select(static k => k.Singular))}."
            : $"Did you mean \"{near}\"?";
        var said = name is null
            ? "Is required."
            : $"There is no kind \"{(name.Length > 100 ? name[..100] + "…" : name)}\".";
        throw new ProblemException(Problems.Validation(new ProblemError($"{prefix}/kind", $"{said} {hint}")));
    }

    private async Task<WriteResult[]> WaitAsync(
        IReadOnlyList<WriteResult> results,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        var settled = await Task.WhenAll(
            results.Select(r =>
                waiting.UntilSettledAsync(kinds[r.Resource.GetType()], r.Resource, limit, cancellationToken)
            )
        );
        if (settled.Any(static s => !s.Reached))
        {
            HttpContext.Response.Headers["Threeport-Wait"] = "timeout";
        }

        return
        [
            .. results.Zip(settled, static (result, now) => result with { Resource = now.Resource ?? result.Resource }),
        ];
    }

    private sealed record ApplyAnswer(IReadOnlyList<Applied> Results);

    /// <summary>Written by its own type: the base class would show nothing of it.</summary>
    private sealed record Applied
    {
        public Applied(WriteAction action, Resource resource)
        {
            Action = action.ToString().ToLowerInvariant();
            Resource = resource;
        }

        public string Action { get; }

        public object Resource { get; }
    }
}
