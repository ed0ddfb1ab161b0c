using System.Collections;

namespace Threeport.Host.Configuration;

/// <summary><c>THREEPORT_API_URL</c> is the key <c>Threeport:ApiUrl</c>, <c>THREEPORT_CONCURRENCY__DEFAULT</c> is <c>Threeport:Concurrency:Default</c>.</summary>
internal static class EnvironmentVariables
{
    private const string Prefix = "THREEPORT_";

    public static IReadOnlyDictionary<string, string?> Read(IDictionary variables) =>
        variables
            .Cast<DictionaryEntry>()
            .Select(static v => ((string)v.Key, (string?)v.Value))
            .Where(static v => v.Item1.StartsWith(Prefix, StringComparison.Ordinal) && !string.IsNullOrEmpty(v.Item2))
            .ToDictionary(
                static v => Key(v.Item1[Prefix.Length..]),
                static v => v.Item2,
                StringComparer.OrdinalIgnoreCase
            );

    /// <summary>Keys are compared without regard to case, so only the underscores matter. A plural keeps its hyphens as they are.</summary>
    private static string Key(string name) =>
        "Threeport:"
        + string.Join(':', name.Split("__").Select(static part => part.Replace("_", "", StringComparison.Ordinal)));
}
