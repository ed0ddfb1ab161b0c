namespace Threeport.Installation;

/// <summary>What the user has already, and what the installed version is made of.</summary>
public sealed record OwnServers
{
    /// <summary>The modules whose controllers run.</summary>
    public required IReadOnlyList<string> Modules { get; init; }

    /// <summary>A PostgreSQL connection string as the role that the API layer works as.</summary>
    public string? Database { get; init; }

    /// <summary>The same as the owner of the tables.</summary>
    public string? DatabaseOwner { get; init; }

    /// <summary>Its CA, PEM.</summary>
    public string? DatabaseCa { get; init; }

    /// <summary>NATS addresses with user and password.</summary>
    public string? Nats { get; init; }

    /// <summary>Its CA, PEM.</summary>
    public string? NatsCa { get; init; }

    /// <summary>A record would print its passwords.</summary>
    public override string ToString() => nameof(OwnServers);
}
