using System.Text.Json.Nodes;
using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Calls;

/// <summary>A call whose caller is known and whose effect is about to happen.</summary>
internal abstract class Call
{
    public required Cloud Cloud { get; init; }

    /// <summary>Null where the operation is called without a signature.</summary>
    public required Principal? Principal { get; init; }

    public required string Region { get; init; }

    public Principal Caller =>
        Principal
        ?? throw new AwsException("MissingAuthenticationToken", "Request is missing Authentication Token", 403);

    public Account Account => Caller.Account;

    public RegionState Here => Account.Region(Region);

    public DateTimeOffset Now => Cloud.Now;
}

/// <summary>A call of EC2, IAM or STS.</summary>
internal sealed class QueryCall : Call
{
    public required QueryParameters Parameters { get; init; }
}

/// <summary>A call of EKS.</summary>
internal sealed class RestCall : Call
{
    /// <summary>The parts of the path that the operation names.</summary>
    public required IReadOnlyDictionary<string, string> Route { get; init; }

    public required ILookup<string, string> Query { get; init; }

    public required JsonObject Body { get; init; }
}
