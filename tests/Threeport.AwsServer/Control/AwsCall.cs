namespace Threeport.AwsServer;

/// <summary>A call that came.</summary>
/// <param name="Number">From 1, since the log was last cleared.</param>
/// <param name="Time">When.</param>
/// <param name="Account">Whose; empty where nobody known signed it.</param>
/// <param name="Region">Where.</param>
/// <param name="Service">ec2, eks, iam, sts.</param>
/// <param name="Operation">CreateVpc, …</param>
public sealed record AwsCall(
    int Number,
    DateTimeOffset Time,
    string Account,
    string Region,
    string Service,
    string Operation
)
{
    /// <summary>The outcome of one that did what was asked.</summary>
    public const string Succeeded = "ok";

    /// <summary>The outcome of one whose effect happened and whose answer did not arrive.</summary>
    public const string AnswerLost = "answer lost";

    /// <summary>The outcome of one that had no effect and no answer.</summary>
    public const string RequestLost = "request lost";

    /// <summary>As policies name it: <c>ec2:CreateVpc</c>.</summary>
    public string Action => $"{Service}:{Operation}";

    /// <summary>One of the above, or the code of the error; empty while it is under way.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>From its arrival to its answer.</summary>
    public TimeSpan Took { get; init; }
}
