using Threeport.Runtime;

namespace Threeport.Server.Access;

/// <summary>The identities of agents, issued in process.</summary>
internal sealed class AgentCredentials(Tokens tokens, TimeProvider time) : IAgentCredentials
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public async Task<AgentCredential> IssueAsync(string runtime, CancellationToken cancellationToken)
    {
        var expiresAt = time.GetUtcNow() + Lifetime;
        return new(await tokens.IssueAsync(Caller.Agent(runtime), expiresAt, cancellationToken), expiresAt);
    }
}
