namespace Threeport.AwsServer;

/// <summary>What goes wrong with calls.</summary>
public enum AwsFaultEffect
{
    /// <summary>The service's own answer to who calls too often.</summary>
    Throttle,

    /// <summary>An error: a failure of the service's, or the one that is named.</summary>
    Fail,

    /// <summary>It happens, and the connection is closed without an answer.</summary>
    LoseAnswer,

    /// <summary>Nothing happens, and the connection is closed without an answer.</summary>
    LoseRequest,

    /// <summary>It takes longer.</summary>
    Delay,
}

/// <summary>Something that goes wrong, with which calls and how often.</summary>
/// <param name="Effect">What.</param>
/// <param name="Actions">With which: <c>ec2:CreateVpc</c>, <c>eks:*</c>, <c>*</c>.</param>
public sealed record AwsFault(AwsFaultEffect Effect, string Actions = "*")
{
    /// <summary>With how many of them, by the dice: 0.3 is three in ten.</summary>
    public double Fraction { get; init; } = 1;

    /// <summary>Only with the n-th call of each operation since this fault was put in; 1 is the first.</summary>
    public int? Call { get; init; }

    /// <summary>With so many calls in all, then no more.</summary>
    public int? Times { get; init; }

    /// <summary>Only calls of this account.</summary>
    public string? Account { get; init; }

    /// <summary>Only calls in this region.</summary>
    public string? Region { get; init; }

    /// <summary>The error's code; null for what the service calls a failure of its own.</summary>
    public string? Code { get; init; }

    /// <summary>The error's message.</summary>
    public string? Message { get; init; }

    /// <summary>The error's HTTP status: 500 unless said, 400 with a <see cref="Code"/>; 503 is the service being unavailable.</summary>
    public int? Status { get; init; }

    /// <summary>How much longer it takes.</summary>
    public TimeSpan Delay { get; init; }
}
