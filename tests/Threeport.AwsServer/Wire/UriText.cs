namespace Threeport.AwsServer.Wire;

/// <summary>Percent encoding as SigV4 has it, and forms and query strings as lists of pairs.</summary>
internal static class UriText
{
    /// <summary>All but letters, digits and <c>-._~</c> is encoded, which is what .NET's own does.</summary>
    public static string Encode(string text) => Uri.EscapeDataString(text);

    /// <summary>A plus is a space, as in forms.</summary>
    public static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    /// <summary><c>a=1&amp;b=2</c>, decoded.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(string text) =>
        [
            .. text.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(static pair => pair.Split('=', 2))
                .Select(static pair => KeyValuePair.Create(Decode(pair[0]), pair.Length == 2 ? Decode(pair[1]) : "")),
        ];
}
