using System.Text.Json.Nodes;

namespace Threeport.AwsServer.Wire;

/// <summary>An answer that says no, in the words of the service.</summary>
/// <param name="code">The error's code: <c>DependencyViolation</c>, <c>ResourceInUseException</c>, …</param>
/// <param name="message">For people.</param>
/// <param name="status">Of the HTTP answer.</param>
internal sealed class AwsException(string code, string message, int status = 400) : Exception(message)
{
    public string Code => code;

    public int Status => status;

    /// <summary>What EKS puts beside the message: the cluster's name, the valid zones.</summary>
    public JsonObject? Members { get; init; }
}
