using Threeport.AwsServer.State;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Calls;

/// <summary>A service: how its protocol says which operation is meant, what happens, and how it says no.</summary>
internal abstract class Service(string name, ServiceErrors errors)
{
    /// <summary>As signatures and policies call it: ec2, eks, iam, sts.</summary>
    public string Name => name;

    public ServiceErrors Errors => errors;

    /// <returns>The operation's name; null where there is none such.</returns>
    public abstract string? Operation(Incoming request);

    /// <summary>Does it. The gate is held.</summary>
    public abstract Answer Execute(Incoming request, string operation, Cloud cloud, Principal? caller, string region);

    public abstract Answer Refuse(AwsException error, string requestId);
}

/// <summary>What a service calls the errors that every one has.</summary>
internal sealed record ServiceErrors
{
    public required (string Code, int Status) UnknownKey { get; init; }

    public required (string Code, int Status) WrongSignature { get; init; }

    public required (string Code, int Status) Expired { get; init; }

    public required (string Code, int Status) Unsigned { get; init; }

    public required (string Code, int Status) Denied { get; init; }

    public required (string Code, int Status) Throttled { get; init; }

    public required (string Code, int Status) Broken { get; init; }

    public required (string Code, int Status) Unavailable { get; init; }

    public required (string Code, int Status) UnknownOperation { get; init; }

    /// <summary>EC2 does not say which it was.</summary>
    public string? KeyMessage { get; init; }
}
