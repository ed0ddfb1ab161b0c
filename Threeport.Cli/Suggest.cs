using Threeport.Api;

namespace Threeport.Cli;

/// <summary>What was probably meant, as the end of an error.</summary>
internal static class Suggest
{
    /// <returns><c> Did you mean "x"?</c>, or nothing.</returns>
    public static string Hint(string typed, IEnumerable<string> candidates) =>
        Suggestion.For(typed, candidates) is { } near ? $" Did you mean \"{near}\"?" : "";
}
