using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;

namespace Threeport.StandIns;

/// <summary>
/// The members of requests and responses, as the compiler found them: what both protocols are written on. No reflection.
/// </summary>
internal static class Shape
{
  private static readonly string[] Metadata =
  [
    nameof(AmazonWebServiceResponse.ResponseMetadata),
    nameof(AmazonWebServiceResponse.ContentLength),
    nameof(AmazonWebServiceResponse.HttpStatusCode),
  ];

  /// <summary>The same without what every response has from its base class, which is never in a body.</summary>
  public static JsonSerializerOptions OfBodies(JsonSerializerOptions generated) =>
    new(generated) { TypeInfoResolver = generated.TypeInfoResolver!.WithAddedModifier(WithoutMetadata) };

  private static void WithoutMetadata(JsonTypeInfo shape)
  {
    if (!shape.Type.IsAssignableTo(typeof(AmazonWebServiceResponse)))
    {
      return;
    }

    foreach (var member in shape.Properties.Where(IsMetadata).ToList())
    {
      shape.Properties.Remove(member);
    }
  }

  private static bool IsMetadata(JsonPropertyInfo member) =>
    Metadata.Contains(member.Name, StringComparer.OrdinalIgnoreCase);
}
