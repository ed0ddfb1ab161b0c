namespace Threeport.Runtime;

/// <summary>Gives out the identities of agents. Two transports: in process, and <c>POST /v0/certificates</c>.</summary>
public interface IAgentCredentials
{
    /// <summary>A certificate with which the agent of this runtime, and of no other, may report.</summary>
    /// <param name="runtime">The runtime's name.</param>
    /// <param name="signingRequest">PKCS #10, PEM, of a key that only the agent is to have.</param>
    /// <param name="cancellationToken">Of the pass.</param>
    Task<AgentCredential> IssueAsync(string runtime, string signingRequest, CancellationToken cancellationToken);
}

/// <summary>The identity of an agent; its key is not here.</summary>
/// <param name="Certificate">PEM.</param>
/// <param name="ExpiresAt">When it stops being one; it is replaced well before.</param>
public sealed record AgentCredential(string Certificate, DateTimeOffset ExpiresAt)
{
    /// <summary>How long one is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
}

/// <summary>What agents are installed with, configuration section <c>Threeport:Agent</c>.</summary>
public sealed record AgentInstallation
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Threeport:Agent";

    /// <summary>The control plane's address as agents reach it; a runtime's <c>agentEndpoint</c> goes first.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The agent's image; a runtime's <c>threeportAgentImage</c> goes first.</summary>
    public string? Image { get; set; }

    /// <summary>A file with the CA of the control plane's certificate, PEM; null where the machine's own CAs will do.</summary>
    public string? CaFile { get; set; }
}
