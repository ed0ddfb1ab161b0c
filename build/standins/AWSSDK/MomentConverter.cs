using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Threeport.StandIns;

/// <summary>A moment: seconds since 1970 with a fraction in JSON, ISO 8601 in XML; always UTC.</summary>
internal sealed class MomentConverter : JsonConverter<DateTime>
{
  public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
    reader.TokenType is JsonTokenType.Number
      ? DateTime.UnixEpoch.AddTicks((long)(reader.GetDecimal() * TimeSpan.TicksPerSecond))
      : DateTime.Parse(
        reader.GetString()!,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal
      );

  public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
    writer.WriteNumberValue((decimal)(value.ToUniversalTime() - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond);
}
