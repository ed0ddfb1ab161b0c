using System.IO.Enumeration;

namespace Threeport.AwsServer.State;

/// <summary>Patterns with <c>*</c> and <c>?</c>, as filters, actions and trust policies have them.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string text, bool ignoreCase = true) =>
        FileSystemName.MatchesSimpleExpression(
            pattern.Replace("\\", "\\\\", StringComparison.Ordinal),
            text,
            ignoreCase
        );
}
