using System.Text.Json.Nodes;
using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>Passes over HTTPS. Nothing is repeated here: the controller knows what may be.</summary>
internal sealed class HttpPasses(ApiClient api) : IPasses
{
    public Task<BegunPass<T>?> BeginAsync<T>(Guid id, string owner, CancellationToken cancellationToken)
        where T : Resource, IKind =>
        SendAsync<T, BegunPass<T>>(id, "begin", new BeginPassRequest(owner), cancellationToken);

    public async Task<bool> RenewAsync<T>(Guid id, long epoch, CancellationToken cancellationToken)
        where T : Resource, IKind =>
        (await SendAsync<T, RenewPassAnswer>(id, "renew", new RenewPassRequest(epoch), cancellationToken))
            is { Held: true };

    public Task CheckpointAsync<T>(T resource, long epoch, CancellationToken cancellationToken)
        where T : Resource, IKind =>
        SendAsync<T, JsonNode>(
            resource.Id,
            "checkpoint",
            new CheckpointPassRequest<T>(epoch, resource),
            cancellationToken
        );

    public Task EndAsync<T>(T resource, long epoch, PassOutcome outcome, CancellationToken cancellationToken)
        where T : Resource, IKind =>
        SendAsync<T, JsonNode>(resource.Id, "end", new EndPassRequest<T>(epoch, resource, outcome), cancellationToken);

    private async Task<TAnswer?> SendAsync<T, TAnswer>(
        Guid id,
        string step,
        object body,
        CancellationToken cancellationToken
    )
        where T : Resource, IKind
    {
        try
        {
            return await api.SendAsync<TAnswer>(
                HttpMethod.Post,
                $"/v0/passes/{T.Plural}/{id}/{step}",
                body,
                cancellationToken
            );
        }
        catch (ProblemException exception)
            when (exception.Problem.Type == $"{Problem.TypePrefix}{Problems.PassLostType}")
        {
            throw new PassLostException(exception.Message);
        }
    }
}
