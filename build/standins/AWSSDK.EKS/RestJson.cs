using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.EKS.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Amazon.EKS;

/// <summary>
/// Writes a request: the members that the path names go there, the rest into the query of a GET or DELETE or the body of a
/// POST. A client token that is not set is made here, once, so that retries of the same call carry the same one.
/// </summary>
internal sealed partial class RestJson<TRequest>(string verb, string path)
  : IMarshaller<IRequest, AmazonWebServiceRequest>
  where TRequest : AmazonEKSRequest
{
  private const string Token = "clientRequestToken";

  public IRequest Marshall(AmazonWebServiceRequest input)
  {
    var shape = Bodies.Of<TRequest>();
    var members = JsonSerializer.SerializeToNode((TRequest)input, shape)!.AsObject();
    var request = new DefaultRequest(input, "Amazon.EKS") { HttpMethod = verb, ResourcePath = path };
    request.Headers["x-amz-api-version"] = AmazonEKSConfig.ApiVersion;
    foreach (Match placeholder in Placeholders().Matches(path))
    {
      request.AddPathResource(placeholder.Value, Take(members, placeholder.Groups[1].Value));
    }

    if (verb != "POST")
    {
      request.UseQueryString = true;
      AddQuery(request, members);
      return request;
    }

    if (!members.ContainsKey(Token) && shape.Properties.Any(static member => member.Name == Token))
    {
      members[Token] = Guid.CreateVersion7().ToString();
    }

    request.Content = Encoding.UTF8.GetBytes(members.ToJsonString());
    request.Headers["Content-Type"] = "application/json";
    return request;
  }

  private static string Take(JsonObject members, string name) =>
    members.Remove(name, out var value) && (string?)value is { Length: > 0 } text
      ? text
      : throw new AmazonEKSException($"Request object does not have required field {name} set");

  private static void AddQuery(DefaultRequest request, JsonObject members)
  {
    foreach (var (name, value) in members)
    {
      if (value is JsonArray several)
      {
        request.ParameterCollection.Add(name, several.Select(static one => one!.ToString()).ToList());
      }
      else
      {
        request.ParameterCollection.Add(name, value!.ToString());
      }
    }
  }

  [GeneratedRegex(@"\{(\w+)\}")]
  private static partial Regex Placeholders();
}
