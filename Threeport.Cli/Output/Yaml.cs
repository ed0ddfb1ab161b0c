using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threeport.Cli.Output;

/// <summary>Writes JSON as YAML, in the form that <see cref="Files.SourceReader"/> reads back to the same.</summary>
internal static class Yaml
{
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node, 0, inList: false);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int indent, bool inList)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                var first = inList;
                foreach (var (name, value) in members)
                {
                    if (!first)
                    {
                        text.Append(' ', indent);
                    }

                    first = false;
                    text.Append(Scalar(name)).Append(':');
                    Value(text, value, indent);
                }

                break;
            case JsonArray { Count: > 0 } items:
                foreach (var item in items)
                {
                    text.Append(' ', indent).Append("- ");
                    if (item is JsonObject { Count: > 0 })
                    {
                        Write(text, item, indent + 2, inList: true);
                    }
                    else
                    {
                        text.Append(item is JsonArray { Count: > 0 } ? item.ToJsonString() : Inline(item)).Append('\n');
                    }
                }

                break;
            default:
                text.Append(' ', indent).Append(Inline(node)).Append('\n');
                break;
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 }:
                text.Append('\n');
                Write(text, value, indent + 2, inList: false);
                break;
            case JsonArray { Count: > 0 }:
                text.Append('\n');
                Write(text, value, indent, inList: false);
                break;
            case JsonValue scalar when scalar.GetValueKind() is JsonValueKind.String && IsBlock((string)scalar!):
                Block(text, (string)scalar!, indent + 2);
                break;
            default:
                text.Append(' ').Append(Inline(value)).Append('\n');
                break;
        }
    }

    /// <summary>A literal block keeps the text as it is; what it cannot hold is written in quotes.</summary>
    private static bool IsBlock(string text) =>
        text.Contains('\n')
        && !text.Contains('\r')
        && !text.Contains('\t')
        && text[0] is not (' ' or '\n')
        && text.All(static c => c is '\n' || !char.IsControl(c));

    private static void Block(StringBuilder text, string value, int indent)
    {
        var chomp =
            value.EndsWith("\n\n", StringComparison.Ordinal) ? "+"
            : value.EndsWith('\n') ? ""
            : "-";
        text.Append(" |").Append(chomp).Append('\n');
        var lines = (value.EndsWith('\n') ? value[..^1] : value).Split('\n');
        foreach (var line in lines)
        {
            if (line.Length > 0)
            {
                text.Append(' ', indent).Append(line);
            }

            text.Append('\n');
        }
    }

    private static string Inline(JsonNode? node) =>
        node switch
        {
            null => "null",
            JsonObject => "{}",
            JsonArray => "[]",
            JsonValue value when value.GetValueKind() is JsonValueKind.String => Scalar((string)value!),
            _ => node.ToJsonString(),
        };

    private static string Scalar(string text) => IsPlain(text) ? text : Quote(text);

    /// <summary>Whether YAML reads it back as this text without quotes.</summary>
    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] is '/' or '_')
        && text[^1] is not (' ' or ':')
        && text.All(static c => c is >= ' ' and <= '~')
        && !text.Contains(": ", StringComparison.Ordinal)
        && !text.Contains(" #", StringComparison.Ordinal)
        && text.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n");

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(
                c switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    _ when char.IsControl(c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                    _ => c.ToString(),
                }
            );
        }

        return quoted.Append('"').ToString();
    }
}
