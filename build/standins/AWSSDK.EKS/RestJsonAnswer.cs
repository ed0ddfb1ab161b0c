using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;
using Threeport.StandIns;

namespace Amazon.EKS;

/// <summary>Reads an answer: a response's members, or the error, whose type is in a header or in the body.</summary>
internal sealed class RestJsonAnswer<TResponse> : JsonResponseUnmarshaller
  where TResponse : AmazonWebServiceResponse, new()
{
  public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
  {
    var body = ReadAll(input.Stream);
    return body.Length == 0 ? new TResponse() : JsonSerializer.Deserialize(body, Bodies.Of<TResponse>())!;
  }

  public override AmazonServiceException UnmarshallException(
    JsonUnmarshallerContext input,
    Exception innerException,
    HttpStatusCode statusCode
  )
  {
    using var body = Parse(ReadAll(input.Stream));
    var error = body?.RootElement;
    var headers = input.ResponseData;
    return EksErrors.Exception(
      new Failure(
        TypeOf(headers.GetHeaderValue("x-amzn-ErrorType")) ?? TypeOf(Text(error, "__type") ?? Text(error, "code")),
        Text(error, "message") ?? Text(error, "Message") ?? GetDefaultErrorMessage<AmazonEKSException>(),
        headers.GetHeaderValue("x-amzn-RequestId"),
        statusCode,
        innerException,
        member => Texts(error, member)
      )
    );
  }

  /// <summary>Both "ResourceNotFoundException:http://…" and "com.amazonaws.eks#ResourceNotFoundException" occur.</summary>
  private static string? TypeOf(string? text) => string.IsNullOrEmpty(text) ? null : text.Split(':')[0].Split('#')[^1];

  private static string? Text(JsonElement? error, string member) =>
    Texts(error, member) is [{ } text, ..] ? text : null;

  private static List<string>? Texts(JsonElement? error, string member) =>
    error is { } body && body.TryGetProperty(member, out var value)
      ? value.ValueKind switch
      {
        JsonValueKind.Array => [.. value.EnumerateArray().Select(static one => one.ToString())],
        JsonValueKind.Null => null,
        _ => [value.ToString()],
      }
      : null;

  /// <summary>What stands between may answer with something else, such as a page.</summary>
  private static JsonDocument? Parse(byte[] body)
  {
    try
    {
      var document = JsonDocument.Parse(body);
      return document.RootElement.ValueKind is JsonValueKind.Object ? document : null;
    }
    catch (JsonException)
    {
      return null;
    }
  }

  private static byte[] ReadAll(Stream stream)
  {
    using var copy = new MemoryStream();
    stream.CopyTo(copy);
    return copy.ToArray();
  }
}
