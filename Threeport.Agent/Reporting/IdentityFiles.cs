namespace Threeport.Agent.Reporting;

/// <summary>What proves who the agent is: a certificate and its key, or a token.</summary>
internal sealed record IdentityFiles(string? Certificate, string? Key, string? Token);
