using System.Text.Json;
using FastEndpoints;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Access;

namespace Threeport.Server.Endpoints;

/// <summary>The HTTPS transport of <see cref="IPasses"/>, for controllers that have no database.</summary>
internal sealed class PassEndpoint<T>(IPasses passes, KindCatalog kinds, Rights rights) : EndpointWithoutRequest
    where T : Resource, IKind
{
    public override void Configure()
    {
        Post($"/v0/passes/{T.Plural}/{{id:guid}}/{{step}}");
        AllowAnonymous();
    }

    public override async Task HandleAsync(CancellationToken ct)
    {
        rights.Require(CallerAuthentication.CallerOf(HttpContext), AccessVerb.Reconcile, kinds[typeof(T)]);
        HttpContext.Items[RequestQuery.Reveal] = true;
        switch (Route<string>("step"))
        {
            case "begin":
                await BeginAsync(await ReadAsync<BeginPassRequest>(), ct);
                break;
            case "renew":
                var renewal = await ReadAsync<RenewPassRequest>();
                var held = await passes.RenewAsync<T>(Id, renewal.Epoch, ct);
                await Answers.WriteAsync(HttpContext, new RenewPassAnswer(held));
                break;
            case "checkpoint":
                var checkpoint = await ReadAsync<CheckpointPassRequest<T>>();
                await passes.CheckpointAsync(Checked(checkpoint.Resource), checkpoint.Epoch, ct);
                await Answers.WriteEmptyAsync(HttpContext, 204);
                break;
            case "end":
                var end = await ReadAsync<EndPassRequest<T>>();
                await passes.EndAsync(Checked(end.Resource), end.Epoch, Required(end.Outcome, "/outcome"), ct);
                await Answers.WriteEmptyAsync(HttpContext, 204);
                break;
            default:
                throw new ProblemException(Problems.NotFound("A pass has begin, renew, checkpoint and end."));
        }
    }

    private Guid Id => Route<Guid>("id");

    private async Task BeginAsync(BeginPassRequest request, CancellationToken cancellationToken)
    {
        if (await passes.BeginAsync<T>(Id, Required(request.Owner, "/owner"), cancellationToken) is { } begun)
        {
            await Answers.WriteAsync(HttpContext, begun);
        }
        else
        {
            await Answers.WriteEmptyAsync(HttpContext, 204);
        }
    }

    private T Checked(T? resource) =>
        Required(resource, "/resource").Id == Id
            ? resource!
            : throw new ProblemException(
                Problems.Validation(new ProblemError("/resource/id", "Must be the id in the path."))
            );

    private static TValue Required<TValue>(TValue? value, string pointer)
        where TValue : class =>
        value ?? throw new ProblemException(Problems.Validation(new ProblemError(pointer, "Is required.")));

    private async Task<TBody> ReadAsync<TBody>()
    {
        var body = await RequestBody.ReadObjectAsync(HttpContext, RequestBody.MaxApply);
        try
        {
            return body.Deserialize<TBody>(ResourceJson.Wire)!;
        }
        catch (JsonException e)
        {
            throw new ProblemException(Problems.BadRequest($"{e.Path}: is not known here, or has the wrong type."));
        }
    }
}
