using System.Net;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;
using Threeport.StandIns;

namespace Amazon.IdentityManagement;

/// <summary>Reads an answer: the response's members are in an element named after the action, beside the request's id.</summary>
internal sealed class QueryAnswer<TResponse>(string action) : XmlResponseUnmarshaller
  where TResponse : AmazonWebServiceResponse, new()
{
  public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext input)
  {
    var answer = Load(input.Stream);
    var shape = Bodies.Of<TResponse>();
    var response = answer?.Child($"{action}Result") is { } result
      ? JsonSerializer.Deserialize(XmlShape.ToJson(result, shape), shape)!
      : new TResponse();
    response.ResponseMetadata = new ResponseMetadata
    {
      RequestId = answer?.Child("ResponseMetadata")?.Child("RequestId")?.Value,
    };
    return response;
  }

  public override AmazonServiceException UnmarshallException(
    XmlUnmarshallerContext input,
    Exception innerException,
    HttpStatusCode statusCode
  )
  {
    var answer = TryLoad(input.Stream);
    var error = answer?.Child("Error");
    return IamErrors.Exception(
      new Failure(
        error?.Child("Code")?.Value,
        error?.Child("Message")?.Value ?? GetDefaultErrorMessage<AmazonIdentityManagementServiceException>(),
        answer?.Child("RequestId")?.Value ?? input.ResponseData.GetHeaderValue("x-amzn-RequestId"),
        statusCode,
        innerException,
        static _ => null
      )
    );
  }

  /// <summary>What stands between may answer with something else, such as a page.</summary>
  private static XElement? TryLoad(Stream stream)
  {
    try
    {
      return Load(stream);
    }
    catch (XmlException)
    {
      return null;
    }
  }

  /// <summary>A reader of its own, since that refuses document types, and with them entities.</summary>
  private static XElement? Load(Stream stream)
  {
    using var copy = new MemoryStream();
    stream.CopyTo(copy);
    if (copy.Length == 0)
    {
      return null;
    }

    copy.Position = 0;
    using var reader = XmlReader.Create(copy);
    return XElement.Load(reader);
  }
}
