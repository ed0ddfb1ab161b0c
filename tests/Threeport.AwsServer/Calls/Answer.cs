namespace Threeport.AwsServer.Calls;

/// <summary>What is written back.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="Body">XML or JSON.</param>
/// <param name="ErrorType">The header in which REST-JSON names the error.</param>
internal sealed record Answer(int Status, string ContentType, string Body, string? ErrorType = null);
