using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Xml;
using System.Xml.Linq;

namespace Amazon.IdentityManagement;

/// <summary>
/// XML as the JSON that a shape is read from: a list's elements are in "member", a map's in "entry" with "key" and "value".
/// What the shape does not know is passed over.
/// </summary>
internal static class XmlShape
{
  public static XElement? Child(this XElement element, string name) =>
    element.Elements().FirstOrDefault(child => child.Name.LocalName == name);

  public static JsonNode ToJson(XElement element, JsonTypeInfo shape) =>
    shape.Kind switch
    {
      JsonTypeInfoKind.Object => Structure(element, shape),
      JsonTypeInfoKind.Enumerable => List(element, shape),
      JsonTypeInfoKind.Dictionary => Map(element, shape),
      _ => Scalar(element.Value, Nullable.GetUnderlyingType(shape.Type) ?? shape.Type),
    };

  private static JsonObject Structure(XElement element, JsonTypeInfo shape)
  {
    var structure = new JsonObject();
    foreach (var member in shape.Properties)
    {
      if (element.Child(member.Name) is { } child)
      {
        structure[member.Name] = ToJson(child, shape.Options.GetTypeInfo(member.PropertyType));
      }
    }

    return structure;
  }

  private static JsonArray List(XElement element, JsonTypeInfo shape)
  {
    var inner = shape.Options.GetTypeInfo(shape.ElementType!);
    return [.. element.Elements().Select(member => ToJson(member, inner))];
  }

  private static JsonObject Map(XElement element, JsonTypeInfo shape)
  {
    var inner = shape.Options.GetTypeInfo(shape.ElementType!);
    var map = new JsonObject();
    foreach (var entry in element.Elements())
    {
      if (entry.Child("key") is { } key && entry.Child("value") is { } value)
      {
        map[key.Value] = ToJson(value, inner);
      }
    }

    return map;
  }

  private static JsonValue Scalar(string text, Type type) =>
    type == typeof(bool) ? JsonValue.Create(XmlConvert.ToBoolean(text.Trim()))
    : type == typeof(int) ? JsonValue.Create(XmlConvert.ToInt32(text.Trim()))
    : JsonValue.Create(text);
}
