using System.Net;
using Amazon.Runtime;

namespace Threeport.StandIns;

/// <summary>An error that a service answered with, before it is one of the service's exceptions.</summary>
/// <param name="Member">The text of a member of the error beside its message; null where it has none.</param>
internal sealed record Failure(
  string? Code,
  string Message,
  string? RequestId,
  HttpStatusCode Status,
  Exception? Inner,
  Func<string, IReadOnlyList<string>?> Member
)
{
  public ErrorType Type => (int)Status >= 500 ? ErrorType.Receiver : ErrorType.Sender;

  public string? this[string member] => Member(member) is [{ } text, ..] ? text : null;

  public List<string>? Texts(string member) => Member(member) is { } texts ? [.. texts] : null;
}
