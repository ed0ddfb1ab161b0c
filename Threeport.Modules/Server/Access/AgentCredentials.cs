using Threeport.Certificates;
using Threeport.Runtime;

namespace Threeport.Server.Access;

/// <summary>The identities of agents, issued in process.</summary>
internal sealed class AgentCredentials(ClientCertificates certificates) : IAgentCredentials
{
    public async Task<AgentCredential> IssueAsync(
        string runtime,
        string signingRequest,
        CancellationToken cancellationToken
    )
    {
        var key =
            SigningRequest.KeyOf(signingRequest) ?? throw new ArgumentException("It is no request for a certificate.");
        var agent = Caller.Agent(runtime);
        using var issued = await certificates.IssueAsync(
            key,
            new(agent.Name, agent.Roles),
            AgentCredential.Lifetime,
            Caller.System.Name,
            cancellationToken
        );
        return new(issued.ExportCertificatePem(), issued.NotAfter.ToUniversalTime());
    }
}
