using Threeport.Api;

namespace Threeport.Runtime;

/// <summary>The identities of agents, asked for over HTTPS.</summary>
internal sealed class HttpAgentCredentials(ApiClient api) : IAgentCredentials
{
    public async Task<AgentCredential> IssueAsync(string runtime, CancellationToken cancellationToken) =>
        await api.SendAsync<AgentCredential>(
            HttpMethod.Post,
            "/v0/credentials",
            new { role = "agent", name = runtime },
            cancellationToken
        ) ?? throw new ProblemException(Problems.NotFound("The API issues no credentials."));
}
