using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.IdentityManagement.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Amazon.IdentityManagement;

/// <summary>Writes a request as a form: Action, Version, and its members flattened to names such as Tags.member.1.Key.</summary>
internal sealed class Query<TRequest>(string action) : IMarshaller<IRequest, AmazonWebServiceRequest>
  where TRequest : AmazonIdentityManagementServiceRequest
{
  public IRequest Marshall(AmazonWebServiceRequest input)
  {
    var request = new DefaultRequest(input, "Amazon.IdentityManagement");
    request.Parameters["Action"] = action;
    request.Parameters["Version"] = AmazonIdentityManagementServiceConfig.ApiVersion;
    foreach (var (name, value) in JsonSerializer.SerializeToNode((TRequest)input, Bodies.Of<TRequest>())!.AsObject())
    {
      Flatten(request.Parameters, name, value!);
    }

    return request;
  }

  private static void Flatten(IDictionary<string, string> form, string name, JsonNode value)
  {
    switch (value)
    {
      case JsonObject members:
        foreach (var (member, inner) in members)
        {
          Flatten(form, $"{name}.{member}", inner!);
        }

        break;
      case JsonArray { Count: 0 }:
        form[name] = "";
        break;
      case JsonArray list:
        for (var i = 0; i < list.Count; i++)
        {
          Flatten(form, string.Create(CultureInfo.InvariantCulture, $"{name}.member.{i + 1}"), list[i]!);
        }

        break;
      default:
        form[name] = value.ToString();
        break;
    }
  }
}
