using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Runtime;

namespace Threeport.StandIns;

/// <summary>A class of constants: any text makes one, so that a value newer than this code is still read.</summary>
internal interface IConstant<TSelf>
  where TSelf : ConstantClass, IConstant<TSelf>
{
  static abstract TSelf FindValue(string value);
}

/// <summary>Reads and writes a constant as its text.</summary>
internal sealed class ConstantConverter<T> : JsonConverter<T>
  where T : ConstantClass, IConstant<T>
{
  public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
    reader.GetString() is { } text ? T.FindValue(text) : null;

  public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
    writer.WriteStringValue(value.Value);
}
