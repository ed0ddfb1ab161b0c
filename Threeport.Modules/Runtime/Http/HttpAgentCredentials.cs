using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>The identities of agents, asked for over HTTPS.</summary>
internal sealed class HttpAgentCredentials(ApiClient api) : IAgentCredentials
{
    public async Task<AgentCredential> IssueAsync(
        string runtime,
        string signingRequest,
        CancellationToken cancellationToken
    )
    {
        var agent = Caller.Agent(runtime);
        return await api.SendAsync<AgentCredential>(
                HttpMethod.Post,
                "/v0/certificates",
                new
                {
                    name = agent.Name,
                    roles = agent.Roles,
                    csr = signingRequest,
                    expiresIn = $"{AgentCredential.Lifetime.TotalDays}d",
                },
                cancellationToken
            ) ?? throw new ProblemException(Problems.NotFound("The API issues no credentials."));
    }
}
