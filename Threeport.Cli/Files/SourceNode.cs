using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Threeport.Cli.Files;

/// <summary>A piece of a file, with the line that it begins on, so that an error can say where.</summary>
internal abstract record SourceNode(int Line)
{
    /// <param name="lines">Filled with the line of each JSON pointer.</param>
    /// <param name="pointer">Where this node goes.</param>
    public abstract JsonNode? ToJson(Dictionary<string, int>? lines = null, string pointer = "");
}

internal sealed partial record SourceScalar(string Text, bool IsPlain, int Line) : SourceNode(Line)
{
    /// <summary>As YAML 1.2 reads it: plain true, 1, 1.5 and null are what they look like, all else is text.</summary>
    public override JsonNode? ToJson(Dictionary<string, int>? lines = null, string pointer = "")
    {
        lines?.TryAdd(pointer, Line);
        if (!IsPlain)
        {
            return Text;
        }

        return Text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ when long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && Whole().IsMatch(Text) => number,
            _ when Real().IsMatch(Text) && double.TryParse(Text, CultureInfo.InvariantCulture, out var real) => real,
            _ => Text,
        };
    }

    [GeneratedRegex(@"\A[-+]?(0|[1-9][0-9]*)\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Real();
}

internal sealed record SourceList(IReadOnlyList<SourceNode> Items, int Line) : SourceNode(Line)
{
    public override JsonNode? ToJson(Dictionary<string, int>? lines = null, string pointer = "")
    {
        lines?.TryAdd(pointer, Line);
        return new JsonArray([.. Items.Select((item, i) => item.ToJson(lines, $"{pointer}/{i}"))]);
    }
}

internal sealed record SourceMap(IReadOnlyList<SourceMember> Members, int Line) : SourceNode(Line)
{
    public SourceNode? this[string key] => Members.FirstOrDefault(m => m.Key == key)?.Value;

    public override JsonNode? ToJson(Dictionary<string, int>? lines = null, string pointer = "")
    {
        lines?.TryAdd(pointer, Line);
        var made = new JsonObject();
        foreach (var (key, line, value) in Members)
        {
            lines?.TryAdd($"{pointer}/{key}", line);
            made[key] = value.ToJson(lines, $"{pointer}/{key}");
        }

        return made;
    }
}

internal sealed record SourceMember(string Key, int Line, SourceNode Value);
