namespace Threeport.Runtime;

/// <summary>Gives out the identities of agents. Two transports: in process, and <c>POST /v0/credentials</c>.</summary>
public interface IAgentCredentials
{
    /// <summary>A token with which the agent of this runtime, and of no other, may report.</summary>
    /// <param name="runtime">The runtime's name.</param>
    /// <param name="cancellationToken">Of the pass.</param>
    Task<AgentCredential> IssueAsync(string runtime, CancellationToken cancellationToken);
}

/// <summary>The identity of an agent.</summary>
/// <param name="Token">A bearer token.</param>
/// <param name="ExpiresAt">When it stops being one; it is replaced well before.</param>
public sealed record AgentCredential(string Token, DateTimeOffset ExpiresAt)
{
    /// <summary>A record would print the token.</summary>
    public override string ToString() => $"until {ExpiresAt:O}";
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
