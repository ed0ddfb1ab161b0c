using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Threeport.Kubernetes.Yaml;

/// <summary>
/// What a plain scalar means: exactly what kubectl makes of it, which is YAML 1.1 (<c>on</c> is true, <c>010</c> is 8,
/// <c>1_000</c> is 1000), as its library reads it.
/// </summary>
internal static partial class YamlScalar
{
    /// <returns>False when the value cannot be written as JSON: infinity and not-a-number.</returns>
    public static bool TryResolve(string text, out JsonNode? value)
    {
        value = text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
            "false" or "False" or "FALSE" or "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
            _ when !LooksNumeric(text) => text,
            _ => Number(text) ?? text,
        };
        return !NotInJson().IsMatch(text);
    }

    private static bool LooksNumeric(string text) => char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.';

    private static JsonNode? Number(string text)
    {
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (Integer(plain) is { } integer)
        {
            return integer;
        }

        return
            Float().IsMatch(plain)
            && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? JsonValue.Create(number)
            : null;
    }

    private static long? Integer(string text)
    {
        var negative = text.StartsWith('-');
        var digits = negative || text.StartsWith('+') ? text[1..] : text;
        var magnitude = digits switch
        {
            ['0', 'x' or 'X', ..] => Digits(digits[2..], 16),
            ['0', 'b' or 'B', ..] => Digits(digits[2..], 2),
            ['0', 'o' or 'O', ..] => Digits(digits[2..], 8),
            ['0', _, ..] => Digits(digits[1..], 8),
            _ => Digits(digits, 10),
        };
        return negative ? -magnitude : magnitude;
    }

    /// <returns>Null when it is empty, too large for a whole number of JSON, or has another character.</returns>
    private static long? Digits(string digits, int radix)
    {
        long? value = digits.Length is 0 or > 64 ? null : 0;
        foreach (var digit in digits)
        {
            var next = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            value = next < radix && value <= (long.MaxValue - next) / radix ? (value * radix) + next : null;
        }

        return value;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Float();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$")]
    private static partial Regex NotInJson();
}
